import { sourceName } from "../alarms/present-alarms.ts";
import type { SessionView } from "../session/session-view.ts";
import { tracesText } from "../texts/drawing.ts";
import type { TraceGroup } from "./layout.ts";
import { clockText, sessionZero } from "./session-zero.ts";
import { tracePosition } from "./trace-position.ts";

/** A stream that is silent for less has only just gone: its traces still stand there. */
const LONG_SECONDS = 3;

/** Says where traces would be that none come, since when and why. */
export function SilentStreams({
  view,
  groups,
  scale,
}: {
  view: SessionView;
  groups: readonly TraceGroup[];
  scale: number;
}) {
  const standing = view.standing.value;
  const hello = view.hello.value;
  const isOver = standing === undefined || standing.stage === "ended" || standing.stage === "idle";
  if (hello?.mode !== "live" || isOver || tracePosition(view).value !== null) return null;
  const zero = sessionZero(view);
  const silent = groups.flatMap((group) =>
    standing.streams.flatMap(({ streamId, silentSeconds, lifecycle }) => {
      const rows = group.rows.filter((row) => row.streamId === streamId);
      if (rows.length === 0 || (silentSeconds !== null && silentSeconds < LONG_SECONDS)) return [];
      const last = rows.at(-1)!;
      return [{ streamId, silentSeconds, lifecycle, top: rows[0]!.top, bottom: last.top + last.height }];
    }),
  );
  return (
    <>
      {silent.map(({ streamId, silentSeconds, lifecycle, top, bottom }) => (
        <p
          key={streamId}
          class="traces-silent"
          style={{ top: `${top / scale}px`, height: `${(bottom - top) / scale}px` }}
        >
          <span>
            <b>{sourceName(hello, streamId)}</b>:{" "}
            {silentSeconds === null
              ? tracesText.neverSent(tracesText.lifecycles[lifecycle] ?? lifecycle)
              : tracesText.silentSince(
                  clockText(standing.at - silentSeconds - zero),
                  tracesText.lifecycles[lifecycle] ?? lifecycle,
                )}
          </span>
        </p>
      ))}
    </>
  );
}
