/** All words of the traces, heads, coupling and timeline. */

import type { QualityReason } from "@attune/wire/page";
import type { Finding } from "../coupling/read-evidence.ts";

export const roleWords = { adult: "Adult", infant: "Infant", child: "Child", nobody: "Not worn" } as const;

export const tracesText = {
  title: "Signals",
  empty: "No signals yet. They appear here as soon as a device sends.",
  silentSince: (clock: string, why: string) => `no samples since ${clock}, ${why}`,
  neverSent: (why: string) => `no samples yet, ${why}`,
  lifecycles: {
    streaming: "though the device is connected: check cable, battery and distance",
    stalled: "though the device is connected: check cable, battery and distance",
    reconnecting: "the device is being looked for again",
    connecting: "the device is being looked for",
    failed: "the device has failed",
    lost: "the device is lost",
    closed: "the stream is closed",
  } as Readonly<Record<string, string>>,
  live: "LIVE",
  replay: "REPLAY",
  lost: "CONNECTION LOST",
  old: "NO ANSWER",
  behind: (clock: string) => `frozen, ${clock} behind`,
  at: (clock: string) => `standing at ${clock}`,
  pause: "Freeze",
  toLive: "Back to live",
  toPosition: "Follow",
  earlier: "Earlier",
  later: "Later",
  window: "Window",
  seconds: (n: number) => `${n} s`,
  gainOf: (person: string) => `${person} gain`,
  microvolts: (n: number) => `${n} µV`,
  millivolts: (n: number) => `${n} mV`,
  heart: "ECG gain",
  more: "Display",
  everything: "Other channels",
  highPass: "High-pass 1 Hz",
  lowPass: "Low-pass 40 Hz",
  notch: "Notch",
  notchOff: "off",
  hertz: (n: number) => `${n} Hz`,
  reference: "Reference",
  asRecorded: "as recorded",
  average: "average",
  notice: (shown: readonly string[]) =>
    shown.length === 0
      ? "Shown as recorded, each row around its own mean. Files and coupling use the same samples."
      : `Shown with ${shown.join(", ")}. Only this picture: files and coupling use the samples as they came.`,
  noticeEnvelope:
    "Older parts of this view: least and greatest values only, neither filtered nor referenced, around their middle.",
  noticeHighPass: "high-pass 1 Hz",
  noticeLowPass: "low-pass 40 Hz",
  noticeNotch: (hertz: number) => `notch ${hertz} Hz`,
  noticeReference: "the average of all electrodes that are not poor as reference",
  keys: "Keys here: Space freeze, ← → scroll, Home oldest, End live, ↑ ↓ adult gain, Shift + ↑ ↓ infant gain",
  summary: (adult: string, seconds: number, gaps: number) =>
    `Traces of ${adult}, ${seconds} seconds wide, ${gaps === 0 ? "no gap" : gaps === 1 ? "one gap" : `${gaps} gaps`} in view.`,
  summaryPart: (who: string, nEeg: number, nEcg: number) =>
    `${who}: ${nEeg} EEG ${nEeg === 1 ? "channel" : "channels"}${nEcg === 0 ? "" : " and ECG"}`,
  lane: (person: string, layer: string) =>
    person === "session" ? layer : `${layer} ${person.toLowerCase()}`,
};

export const lightWords = { good: "good", fair: "fair", poor: "poor", unknown: "not known" } as const;
/** Stand on the lights, so that a light is never told by its colour alone. */
export const lightLetters = { good: "G", fair: "F", poor: "P", unknown: "?" } as const;
export const reasonWords: Readonly<Record<QualityReason, string>> = {
  flat: "flat",
  railed: "railed",
  "line-noise": "line noise",
  muscle: "muscle",
  drift: "drift",
  impedance: "impedance",
  "no-data": "no data",
};

export const headsText = {
  title: "Heads and links",
  empty: "No electrodes yet.",
  nose: "nose",
  head: (who: string, good: number, fair: number, poor: number, unknown: number) =>
    `${who}, seen from above: ${good} good, ${fair} fair, ${poor} poor${unknown > 0 ? `, ${unknown} not known` : ""}.`,
  counts: (good: number, total: number) => `${good} of ${total} good`,
  elsewhere: "Not on the map",
  troubles: "Electrodes to look for",
  electrode: (label: string, light: string, reasons: readonly string[], details: readonly string[]) =>
    `${label}: ${light}${reasons.length > 0 ? ` (${reasons.join(", ")})` : ""}${details.length > 0 ? `; ${details.join(", ")}` : ""}`,
  rms: (value: number, unit: string) => `RMS ${value < 10 ? value.toFixed(2) : value.toFixed(0)} ${unit}`,
  kilohms: (value: number) => `${value.toFixed(value < 10 ? 1 : 0)} kΩ`,
  hint: "Point at an electrode, or reach it with Tab and the arrow keys, to read why.",
  legend: "Quality",
  condition: (name: string) => `while gaze is ${name}`,
  lastKnown: (name: string) => `last known for ${name} gaze`,
  untrusted: "not to be read yet",
  width: (full: string) =>
    `Widest arrow: ${full} above its null. Grey and thin: inside chance or not trusted.`,
  links: "Predictive coupling, corrected for its null",
};

export const couplingText = {
  title: "Coupling",
  notCausation: "Predictive coupling (not causation)",
  band: "Band",
  pair: "Between",
  pairOf: (a: string, b: string) => `${a} and ${b}`,
  bandOf: (name: string, low: number, high: number) => `${name} ${low}–${high} Hz`,
  none: "This session has no coupling analysis.",
  waiting: "No windows yet. Numbers appear once enough clean windows are there.",
  direction: (from: string, to: string) => `${from} → ${to}`,
  corrected: "above its null",
  value: "value",
  nullBand: (low: string, high: string) => `null ${low} to ${high}`,
  nullBandLong: (low: string, high: string) => `Null band (mean ± 2 SD): ${low} to ${high}`,
  nullUnknown: "null not known yet",
  inside: "inside chance",
  above: "above chance",
  below: "below its null",
  z: (value: string) => `z ${value}`,
  basis: (nWindows: number, clean: string) => `${nWindows} windows, ${clean} clean`,
  notTrusted: (reason: string) => `Not to be read yet: ${reason}`,
  nowDuring: (condition: string, holds: boolean) =>
    holds
      ? `Now, while gaze is ${condition}`
      : `Last known for ${condition} gaze; no condition with windows holds now`,
  chart: (direction: string, conditions: readonly string[]) =>
    `${direction} over time, ${conditions.join(" and ")}; the numbers stand in the table below.`,
  overTime: "Over time",
  pooled: (seconds: number | null, windowSeconds: number) =>
    seconds === null
      ? `Each point is pooled over all windows of ${windowSeconds} s of its condition so far. Shaded: null mean ± 2 SD. Grey: not trusted.`
      : `Each point is pooled over the last windows of ${windowSeconds} s of its condition, older ones forgotten with ${seconds} s. Shaded: null mean ± 2 SD. Grey: not trusted.`,
  perCondition: "Per condition",
  columns: {
    condition: "Condition",
    direction: "Direction",
    nWindows: "Windows",
    clean: "Clean",
    value: "Value",
    null: "Null ± SD",
    corrected: "Corrected",
    z: "z",
    note: "Note",
  },
  comparison: (condition: string, reference: string) => `${condition} minus ${reference}`,
  interval: (level: number) =>
    `Difference of single-window estimates with a ${Math.round(level * 100)} % confidence sequence: valid at any look (anytime-valid t-test; Lai 1976, Pérez-Ortiz et al. 2024).`,
  difference: (value: string, low: string, high: string) => `${value}, interval ${low} to ${high}`,
  stretches: (n: number, nReference: number) => `from ${n} and ${nReference} stretches`,
  toGo: (n: number, condition: string) =>
    n === 0
      ? "The planned precision is reached."
      : `About ${n} more ${condition}-gaze ${n === 1 ? "window" : "windows"} for the planned precision.`,
  noInterval: "no interval yet",
  noComparison: "No comparison yet.",
  ok: "",
  unknown: "–",
};

export const timelineText = {
  title: "Session",
  empty: "Nothing has happened yet.",
  seekHint:
    "Click or drag to move. Keys here: ← → by 1 s, with Shift by 10 s, Page Up and Page Down to the previous and next gaze onset.",
  liveHint: "Click to scroll the signals back to a moment; End brings them back to live.",
  next: (state: string) => `Next ${state}`,
  previous: (state: string) => `Previous ${state}`,
  play: "Play",
  stop: "Stop",
  position: "Position in the session",
  quality: "rejected",
  gaps: "gaps",
  events: "events",
  coupling: (from: string, to: string) => `${from} → ${to}`,
  now: (clock: string) => `at ${clock}`,
  growing: "The file is still being analysed; coupling appears as it becomes known.",
  summary: (clock: string, nIntervals: number, nGaps: number, nEvents: number, nRejected: number) =>
    `${clock} long; ${nIntervals} coded states, ${nEvents} events, ${nGaps} gaps, ${nRejected} rejected windows.`,
  share: "Seconds per state",
  scale: "corrected coupling",
};

/** The one plain sentence on top. Only what the numbers allow. */
export function findingSentence(finding: Finding, nameOf: (person: string) => string): string {
  switch (finding.kind) {
    case "too-early":
      return `It is too early to say what gaze does to the two brains${finding.reason === null ? "." : `: ${finding.reason}.`}`;
    case "within-chance":
      return `So far coupling during ${finding.condition} gaze stays within chance.`;
    case "undecided":
      return `So far ${finding.condition} and ${finding.reference} gaze cannot be told apart.`;
    case "decided": {
      const { condition, reference, stronger, weaker, insideChance } = finding;
      const name = (person: string): string => nameOf(person).toLowerCase();
      const parts = (which: typeof stronger, word: string): string[] =>
        which.length === 0
          ? []
          : which.length === 2 && which[0]!.from === which[1]!.to
            ? [`the two brains predict each other ${word}`]
            : [
                list(
                  which.map(({ from, to }) => `the ${name(from)}'s brain predicts the ${name(to)}'s ${word}`),
                ),
              ];
      const said = list([...parts(stronger, "more strongly"), ...parts(weaker, "less strongly")]);
      const doubt = insideChance.length === 0 ? "" : " The coupling itself is still within chance.";
      return `During ${condition} gaze ${said} than during ${reference} gaze.${doubt}`;
    }
  }
}

function list(words: readonly string[]): string {
  return words.length <= 1 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
