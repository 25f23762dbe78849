import type { Timeline } from "@attune/wire/page";
import type { Tone } from "../parts/tone.ts";
import { readable } from "../texts/format.ts";
import { heartsText } from "../texts/hearts.ts";
import { stateColour } from "../traces/theme-colours.ts";
import { type Layer, overlapsOf, type Segment, secondsOf, segmentsOf, voiceOf } from "./strips.ts";

interface Props {
  readonly intervals: Timeline["intervals"];
  readonly layers: readonly Layer[];
  /** Whose voices are coded, with their names. */
  readonly speakers: readonly { readonly person: string; readonly name: string; readonly tone: Tone }[];
  readonly nameOf: (person: string) => string;
  readonly from: number;
  readonly to: number;
}

/** States and voices below the intervals, on their axis of time: who speaks when, and where both do. */
export function Strips({ intervals, layers, speakers, nameOf, from, to }: Props) {
  if (layers.length === 0 && speakers.length === 0) return null;
  const voices = speakers.map((speaker) => ({
    ...speaker,
    segments: voiceOf(intervals, speaker.person, from, to),
  }));
  const overlaps = voices.length === 2 ? overlapsOf(voices[0]!.segments, voices[1]!.segments) : [];
  const view = { from, to };
  return (
    <div class="hearts-strips">
      {layers.map(({ person, layer }) => {
        const segments = segmentsOf(intervals, { person, layer }, from, to);
        const who = person === "session" ? "" : nameOf(person);
        return (
          <Strip
            key={`${person} ${layer}`}
            who={who}
            what={readable(layer)}
            segments={segments}
            view={view}
            colourOf={(state) => `var(--${stateColour(layer, state) ?? "grey"})`}
            label={describe(who, layer, segments)}
            showsNames
          />
        );
      })}
      {voices.map(({ person, name, tone, segments }) => (
        <Strip
          key={`voice ${person}`}
          who={name}
          what={heartsText.voice}
          segments={segments}
          view={view}
          colourOf={() => `var(--${tone})`}
          label={describe(name, heartsText.voice, segments)}
          isVoice
        />
      ))}
      {voices.length === 2 && (
        <Strip
          who=""
          what={heartsText.both}
          segments={overlaps}
          view={view}
          colourOf={() => "var(--fg)"}
          label={heartsText.bothRow(
            overlaps.length,
            heartsText.seconds(secondsOf(overlaps).get("both") ?? 0, 1),
          )}
          isVoice
        />
      )}
    </div>
  );
}

function Strip({
  who,
  what,
  segments,
  view,
  colourOf,
  label,
  isVoice = false,
  showsNames = false,
}: {
  who: string;
  what: string;
  segments: readonly Segment[];
  view: { readonly from: number; readonly to: number };
  colourOf: (state: string) => string;
  label: string;
  isVoice?: boolean;
  showsNames?: boolean;
}) {
  const percent = (seconds: number): string => `${((100 * seconds) / (view.to - view.from)).toFixed(3)}%`;
  return (
    <div class="hearts-strip" data-voice={isVoice}>
      <span class="hearts-strip-name" aria-hidden="true">
        {who !== "" && <span>{who}</span>} {what}
      </span>
      <div class="hearts-strip-track" role="img" aria-label={label}>
        {segments.map((segment) => (
          <i
            key={`${segment.state} ${segment.from}`}
            style={{
              left: percent(segment.from - view.from),
              width: percent(segment.to - segment.from),
              "--state": colourOf(segment.state),
            }}
          >
            {showsNames && readable(segment.state)}
          </i>
        ))}
      </div>
    </div>
  );
}

const describe = (who: string, layer: string, segments: readonly Segment[]): string =>
  heartsText.strip(
    who === "" ? "the session" : who,
    layer,
    [...secondsOf(segments)].map(([state, seconds]) =>
      heartsText.stripPart(readable(state), heartsText.seconds(seconds)),
    ),
  );
