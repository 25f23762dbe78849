import { useEffect, useState } from "preact/hooks";
import { Dialog } from "../parts/dialog.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { texts } from "../texts/texts.ts";

/** Whether alarms sound, and where. */
export function SoundDialog({ page }: { page: PageModel }) {
  const { sound, dialog } = page;
  const [isTested, setTested] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const list = () => void sound.listOutputs().catch(() => {});
  useEffect(list, []);
  const trouble = sound.trouble.value;
  return (
    <Dialog
      title={texts.sound.title}
      onClose={() => {
        dialog.value = undefined;
      }}
    >
      <p>{texts.sound.intro}</p>
      {sound.canChoose ? (
        <p class="field">
          <label for="sound-output">{texts.sound.output}</label>
          <select
            id="sound-output"
            value={sound.output.value}
            onFocus={list}
            onChange={({ currentTarget }) => void sound.choose(currentTarget.value).catch(() => {})}
          >
            <option value="">{texts.sound.defaultOutput}</option>
            {sound.outputs.value.map(({ id, label }) => (
              <option key={id} value={id}>
                {label}
              </option>
            ))}
          </select>
        </p>
      ) : (
        <p class="ask">{texts.sound.unsupported}</p>
      )}
      {sound.canChoose && sound.outputs.value.length === 0 && (
        <p class="row">
          <button
            type="button"
            class="button"
            onClick={async () => {
              await sound.nameOutputs().catch(() => {});
              setAsked(true);
            }}
          >
            {texts.sound.choose}
          </button>
          <span class="hint">{isAsked ? texts.sound.unnamed : texts.sound.chooseHint}</span>
        </p>
      )}
      <p class="row">
        <button
          type="button"
          class="button"
          aria-pressed={sound.isOn.value}
          onClick={() => void sound.switchOn(!sound.isOn.value)}
        >
          {sound.isOn.value ? texts.sound.off : texts.sound.on}
        </button>
        <button type="button" class="button" onClick={async () => setTested(await sound.test())}>
          {texts.sound.test}
        </button>
      </p>
      <p class="hint" role="status">
        {trouble !== ""
          ? texts.sound.failed(trouble)
          : isTested
            ? texts.sound.tested(sound.outputName ?? texts.sound.standard)
            : ""}
      </p>
    </Dialog>
  );
}
