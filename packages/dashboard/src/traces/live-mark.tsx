import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { SessionView } from "../session/session-view.ts";
import { tracesText } from "../texts/drawing.ts";
import { clockText, sessionZero } from "./session-zero.ts";
import { tracePosition } from "./trace-position.ts";

/** Whether the traces follow the session, and how far behind they stand when they do not. */
export function LiveMark({
  view,
  windowSeconds,
  scroll,
}: {
  view: SessionView;
  windowSeconds: number;
  scroll: (by: number) => void;
}) {
  const position = tracePosition(view);
  const now = useSignal(view.now());
  useEffect(() => {
    const timer = setInterval(() => {
      now.value = view.now();
    }, 250);
    return () => clearInterval(timer);
  }, [view, now]);

  const show = (time: number | null): void => {
    position.value = time;
  };
  const isReplay = view.hello.value?.mode === "replay";
  const isLost = view.connection.value === "lost";
  const isOld = !isLost && view.silentSeconds.value > 0;
  const at = position.value;
  const mark = isLost
    ? tracesText.lost
    : isOld && at === null
      ? tracesText.old
      : at === null
        ? isReplay
          ? `${tracesText.replay} ${clockText(now.value - sessionZero(view))}`
          : tracesText.live
        : tracesText.behind(clockText(now.value - at));
  return (
    <div class="traces-live">
      <strong
        class="traces-mark"
        data-state={
          isLost || (isOld && at === null) ? "lost" : at !== null ? "paused" : isReplay ? "replay" : "live"
        }
      >
        <span aria-hidden="true">{isLost || (isOld && at === null) ? "✕" : at === null ? "●" : "❚❚"}</span>{" "}
        {mark}
      </strong>
      <button
        type="button"
        aria-label={tracesText.earlier}
        title={tracesText.earlier}
        onClick={() => scroll(-windowSeconds / 2)}
      >
        ◀
      </button>
      {at === null ? (
        <button type="button" onClick={() => show(view.now())}>
          {tracesText.pause}
        </button>
      ) : (
        <button type="button" class="traces-to-live" onClick={() => show(null)}>
          {isReplay ? tracesText.toPosition : tracesText.toLive}
        </button>
      )}
      <button
        type="button"
        aria-label={tracesText.later}
        title={tracesText.later}
        disabled={at === null}
        onClick={() => scroll(windowSeconds / 2)}
      >
        ▶
      </button>
    </div>
  );
}
