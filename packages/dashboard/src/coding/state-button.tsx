import { useRef } from "preact/hooks";
import type { PageModel } from "../shell/page-model.ts";
import { keyCap, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { CodedLayer } from "./layer-clusters.ts";

export interface StateButtonProps {
  readonly page: PageModel;
  readonly layer: CodedLayer;
  readonly state: string;
  readonly codingKey: string;
  readonly isLit: boolean;
  readonly isEnabled: boolean;
}

/** A state to be coded: pressed like its key, held as long as its key would be where the layer is held. */
export function StateButton({ page, layer, state, codingKey, isLit, isEnabled }: StateButtonProps) {
  const isDown = useRef(false);
  const { session } = page;
  const press = (timeStamp: number) => {
    if (!isEnabled || isDown.current) return;
    const at = session.at(timeStamp);
    if (layer.mode === "hold") {
      isDown.current = true;
      void session.send({ do: "key-down", key: codingKey, at });
    } else void session.send({ do: "state", person: layer.person, layer: layer.layer, state, at });
  };
  const release = (timeStamp: number) => {
    if (!isDown.current) return;
    isDown.current = false;
    void session.send({ do: "key-up", key: codingKey, at: session.at(timeStamp) });
  };
  const isPending = session.pending.value.some(({ request }) =>
    request.do === "state"
      ? request.person === layer.person && request.layer === layer.layer && request.state === state
      : (request.do === "key-down" || request.do === "key-up") &&
        request.key.toLowerCase() === codingKey.toLowerCase(),
  );
  const isPress = (key: string) => key === "Enter" || key === " ";
  return (
    <button
      type="button"
      class={`state-button${isLit ? " is-lit" : ""}${isPending ? " is-pending" : ""}`}
      aria-pressed={isLit}
      aria-disabled={!isEnabled}
      data-layer={`${layer.person}.${layer.layer}`}
      data-state={state}
      onPointerDown={(event) => {
        if (event.button !== 0) return;
        event.currentTarget.setPointerCapture(event.pointerId);
        press(event.timeStamp);
      }}
      onPointerUp={(event) => release(event.timeStamp)}
      onPointerCancel={(event) => release(event.timeStamp)}
      onLostPointerCapture={(event) => release(event.timeStamp)}
      onKeyDown={(event) => {
        if (!isPress(event.key)) return;
        event.preventDefault();
        if (!event.repeat) press(event.timeStamp);
      }}
      onKeyUp={(event) => {
        if (isPress(event.key)) release(event.timeStamp);
      }}
      onBlur={(event) => release(event.timeStamp)}
    >
      <span class="visually-hidden">
        {layer.person} {readable(layer.layer)}:{" "}
      </span>
      <kbd>{keyCap(codingKey)}</kbd>
      <span class="state-name">
        {readable(state)}
        {isPending && (
          <>
            <span class="visually-hidden"> ({texts.connection.pending})</span>
            <span class="pending-mark" aria-hidden="true">
              …?
            </span>
          </>
        )}
      </span>
    </button>
  );
}
