const LONGEST_LABEL = 24;

/** Events that stand so near to one another that they are one mark, first to last. */
export interface EventMark {
  readonly from: number;
  readonly to: number;
  readonly count: number;
  /** Shortened; empty where the mark is of more than one event. */
  readonly label: string;
}

interface Event {
  readonly at: number;
  readonly label: string;
}

interface Known {
  readonly leastSeconds: number;
  readonly marks: readonly EventMark[];
}
const known = new WeakMap<readonly Event[], Known>();

/** Events of a whole session by time; those that follow one another by less than `leastSeconds` are one mark. */
export function eventMarks(events: readonly Event[], leastSeconds: number): readonly EventMark[] {
  const before = known.get(events);
  if (before?.leastSeconds === leastSeconds) return before.marks;
  const marks: EventMark[] = [];
  for (const { at, label } of [...events].sort((a, b) => a.at - b.at)) {
    const last = marks.at(-1);
    if (last !== undefined && at - last.to < leastSeconds)
      marks[marks.length - 1] = { from: last.from, to: at, count: last.count + 1, label: "" };
    else marks.push({ from: at, to: at, count: 1, label: shortLabel(label) });
  }
  known.set(events, { leastSeconds, marks });
  return marks;
}

/** A label of a few words: of a structured marker its values, of a long one its beginning. */
export function shortLabel(label: string): string {
  const text = valuesOf(label).replace(/\s+/g, " ").trim();
  return text.length <= LONGEST_LABEL ? text : `${text.slice(0, LONGEST_LABEL - 1).trimEnd()}…`;
}

function valuesOf(label: string): string {
  if (!/^\s*[{[]/.test(label)) return label;
  try {
    const values: unknown[] = Object.values(JSON.parse(label) as object);
    return values.filter((value) => typeof value === "string" || typeof value === "number").join(" ");
  } catch {
    return label;
  }
}

export interface PlacedLabel {
  readonly left: number;
  readonly width: number;
  /** Of one event: it has its place before a count of many. */
  readonly isFirst: boolean;
}

/** Which labels can be drawn so that none lies on another: those of single events before counts, each from the left. */
export function freeLabels(labels: readonly PlacedLabel[]): boolean[] {
  const taken: PlacedLabel[] = [];
  const isFree = labels.map(() => false);
  for (const first of [true, false])
    labels.forEach((label, n) => {
      const { left, width, isFirst } = label;
      if (isFirst !== first || width === 0) return;
      if (taken.some((other) => left < other.left + other.width && other.left < left + width)) return;
      taken.push(label);
      isFree[n] = true;
    });
  return isFree;
}
