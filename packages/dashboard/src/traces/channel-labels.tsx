import { nameOf } from "../coupling/read-evidence.ts";
import type { SessionView } from "../session/session-view.ts";
import { lightLetters, lightWords, reasonWords, roleWords, tracesText } from "../texts/drawing.ts";
import type { TraceGroup } from "./layout.ts";
import { legible } from "./legible.ts";
import { gainPixels } from "./scales.ts";
import { roleGain, type TraceSettings } from "./settings.ts";

const SMALLEST_TEXT = 9;
const LARGEST_TEXT = 12;
/** In CSS pixels: lower than this, the name and the bar stand side by side. */
const LOW_GROUP = 48;

/** Names beside the rows, with what is wrong with a channel in words. */
export function ChannelLabels({
  view,
  groups,
  scale,
  settings,
}: {
  view: SessionView;
  groups: readonly TraceGroup[];
  scale: number;
  settings: TraceSettings;
}) {
  const quality = view.quality.value;
  return (
    <div class="traces-labels">
      {groups.map((group) => {
        const first = group.rows[0]!;
        const rowHeight = first.height / scale;
        const lightOf = ({ streamId, label }: TraceGroup["rows"][number]) =>
          quality.get(streamId)?.channels.find((each) => each.label === label)?.light;
        const shown = legible(
          group.rows.map((row) => lightOf(row) === "poor"),
          Math.ceil(SMALLEST_TEXT / rowHeight),
        );
        const middleOf = ({ top, height }: TraceGroup["rows"][number]) => (top + height / 2) / scale;
        const hearts = group.rows.filter(({ kind }) => kind !== "eeg").map(middleOf);
        const isOnHeart = (row: TraceGroup["rows"][number]) =>
          hearts.some((middle) => Math.abs(middle - middleOf(row)) < SMALLEST_TEXT);
        const gain = settings.eegMicrovolts[group.person ?? ""] ?? roleGain[group.role];
        return (
          <div
            key={group.person}
            class="traces-group"
            data-tone={group.tone}
            data-low={(group.bottom - group.top) / scale < LOW_GROUP}
            style={{ top: `${group.top / scale}px`, height: `${(group.bottom - group.top) / scale}px` }}
          >
            <div class="traces-who">
              <strong>
                <span class="traces-shape" aria-hidden="true" />{" "}
                {group.person === null
                  ? roleWords.nobody
                  : nameOf(group.person, view.hello.value?.people ?? [], roleWords)}
              </strong>
              {first.kind === "eeg" && (
                <span class="traces-scale-bar" style={{ height: `${gainPixels(rowHeight, 1)}px` }}>
                  {tracesText.microvolts(gain)}
                </span>
              )}
            </div>
            <ul>
              {group.rows.map((row, n) => {
                const found = quality.get(row.streamId)?.channels.find(({ label }) => label === row.label);
                const light = found?.light ?? "unknown";
                const words = (found?.reasons ?? []).map((reason) => reasonWords[reason]);
                const height = row.height / scale;
                const size = Math.min(LARGEST_TEXT, Math.max(SMALLEST_TEXT, height * 0.95));
                const isHidden = row.kind === "eeg" && (!shown.has(n) || isOnHeart(row));
                return (
                  <li
                    key={`${row.streamId}.${row.channel}`}
                    data-light={light}
                    style={{
                      top: `${(row.top - group.top) / scale}px`,
                      height: `${height}px`,
                      fontSize: `${size}px`,
                      ...(isHidden ? { visibility: "hidden" } : {}),
                    }}
                    title={`${row.label}: ${lightWords[light]}${words.length > 0 ? ` (${words.join(", ")})` : ""}`}
                  >
                    {light !== "good" && light !== "unknown" && (
                      <span class="traces-tag">
                        <b aria-hidden="true">{lightLetters[light]}</b>
                        <span class="visually-hidden">{lightWords[light]}</span>
                        <span> {words.join(", ")}</span>
                      </span>
                    )}
                    <span class="traces-name">{row.label}</span>
                  </li>
                );
              })}
            </ul>
          </div>
        );
      })}
    </div>
  );
}
