import { clockTime, fixed, plural, short } from "../output/format.ts";
import { grid } from "../output/grid.ts";
import type { ContinuousDescription, EpochDescription, RecordingDescription } from "./describe-recording.ts";

const MOST_LABELS = 8;
const MOST_LINES = 12;

/** What a recording holds, for a person to read. */
export const infoText = (description: RecordingDescription): string =>
  (description.kind === "epochs" ? epochLines(description) : continuousLines(description)).join("\n");

function continuousLines(d: ContinuousDescription): string[] {
  const rows = d.streams.map((stream) => [
    stream.name || stream.id,
    stream.type || "n/a",
    stream.person ?? "n/a",
    labels(stream.channels),
    stream.nominalSamplingRate > 0 ? short(stream.nominalSamplingRate) : "irregular",
    stream.effectiveSamplingRate === null ? "n/a" : fixed(stream.effectiveSamplingRate, 3),
    String(stream.nSamples),
    String(stream.gaps.length),
    number(stream.clock.offset, 4),
    stream.clock.model === "huber" ? number(stream.clock.driftPpm, 1) : "n/a",
    number(stream.clock.nOffsets, 0),
  ]);
  const head = [
    "stream",
    "type",
    "person",
    "channels",
    "nominal Hz",
    "measured Hz",
    "samples",
    "gaps",
    "offset s",
    "drift ppm",
    "offsets",
  ];
  return [
    `${d.file}: ${d.format}, ${d.durationSeconds === null ? "no samples" : `${fixed(d.durationSeconds, 1)} s (${clockTime(d.durationSeconds)})`}, ${plural(d.streams.length, "stream")}`,
    grid(head, rows),
    ...section("Gaps", gapLines(d)),
    ...section(
      "States",
      d.states.map(
        ({ person, layer, state, count, seconds }) =>
          `${person} ${layer} ${state}: ${count} x, ${fixed(seconds, 1)} s`,
      ),
    ),
    ...section("Events", eventLines(d)),
    ...section(
      "Damage",
      d.damage.map(({ what, offset, bytes, samplesLost }) => {
        const lost = typeof samplesLost === "number" ? `, about ${plural(samplesLost, "sample")} lost` : "";
        return `${what} (${bytes} bytes at byte ${offset}${lost})`;
      }),
      "none found",
    ),
    "",
    ...nextLines(d.next),
  ];
}

/** Rows of a coding log are states already: here they are only counted. */
function eventLines(d: ContinuousDescription): string[] {
  const isCoding = (label: string): boolean => label.startsWith('{"coding":');
  const nCoded = d.events.filter(({ label }) => isCoding(label)).reduce((sum, { count }) => sum + count, 0);
  return [
    ...d.events
      .filter(({ label }) => !isCoding(label))
      .map(({ source, label, count }) => `${source}: ${label} (${count} x)`),
    ...(nCoded > 0 ? [`${plural(nCoded, "row")} in the log of behaviour coding`] : []),
  ];
}

function epochLines(d: EpochDescription): string[] {
  return [
    `${d.file}: epochs cut elsewhere, ${plural(d.nEpochs, "epoch")}, ${plural(d.people.length, "person")}`,
    ...d.people.map(
      ({ person, samplingRate, nSamples, firstSampleSeconds, channels }) =>
        `  ${person}: ${short(samplingRate)} Hz, ${nSamples} samples an epoch from ${short(firstSampleSeconds)} s, ${labels(channels)}`,
    ),
    "",
    ...nextLines(d.next),
  ];
}

const nextLines = ({ command, missing }: RecordingDescription["next"]): string[] => [
  ...(missing === null ? [] : [missing]),
  `Next: ${command}`,
];

const gapLines = ({ streams }: ContinuousDescription): string[] =>
  streams.flatMap(({ name, id, gaps }) =>
    gaps.map(
      ({ start, duration, kind }) =>
        `${name || id}: ${number(duration, 3)} s missing at ${number(start, 3)} s (${kind})`,
    ),
  );

/** A heading with its lines, the rest counted; nothing at all when there is nothing to say. */
function section(heading: string, lines: readonly string[], none?: string): string[] {
  if (lines.length === 0) return none === undefined ? [] : [`${heading}: ${none}`];
  const rest = lines.length > MOST_LINES ? [`  and ${lines.length - MOST_LINES} more (all with --json)`] : [];
  return [`${heading}:`, ...lines.slice(0, MOST_LINES).map((line) => `  ${line}`), ...rest];
}

const number = (value: string | number | null | undefined, decimals: number): string =>
  typeof value === "number" ? fixed(value, decimals) : "n/a";

function labels(channels: readonly { readonly label: string }[]): string {
  const shown = channels.slice(0, MOST_LABELS).map(({ label }) => label);
  const rest = channels.length > MOST_LABELS ? ` and ${channels.length - MOST_LABELS} more` : "";
  return `${channels.length}: ${shown.join(" ")}${rest}`;
}
