import type { Channel } from "@attune/signal";

/** Columns of `eeg` and `mot` that are no channel. */
const NO_CHANNEL = new Set([
  "COUNTER",
  "INTERPOLATED",
  "RAW_CQ",
  "MARKER_HARDWARE",
  "MARKERS",
  "COUNTER_MEMS",
  "INTERPOLATED_MEMS",
]);

/**
 * Where in a sample of `eeg` or `mot` what stands, found by the names in the subscription's `cols` and
 * nothing else.
 */
export class SampleColumns {
  readonly channels: readonly Channel[];
  readonly #positions: readonly number[];
  readonly #counter: number;
  readonly #interpolated: number;
  readonly #marker: number;

  /** @returns the columns, or a sentence when `cols` cannot be those of samples */
  static from(cols: readonly unknown[], unitOf: (label: string) => string): SampleColumns | string {
    const positions: number[] = [];
    const labels = new Set<string>();
    for (const [position, name] of cols.entries()) {
      if (typeof name !== "string" || name === "") return `column ${position + 1} has no name`;
      if (labels.has(name)) return `two columns "${name.slice(0, 40)}"`;
      labels.add(name);
      if (!NO_CHANNEL.has(name)) positions.push(position);
    }
    return positions.length === 0
      ? "no column is a channel"
      : new SampleColumns(cols as readonly string[], positions, unitOf);
  }

  private constructor(
    cols: readonly string[],
    positions: readonly number[],
    unitOf: (label: string) => string,
  ) {
    this.#positions = positions;
    this.channels = positions.map((position) => ({ label: cols[position]!, unit: unitOf(cols[position]!) }));
    this.#counter = cols.indexOf("COUNTER");
    const interpolated = cols.indexOf("INTERPOLATED");
    this.#interpolated = interpolated >= 0 ? interpolated : cols.indexOf("INTERPOLATED_MEMS");
    this.#marker = cols.indexOf("MARKER_HARDWARE");
  }

  get hasCounter(): boolean {
    return this.#counter >= 0;
  }

  /**
   * Reads one sample into `out` (`[nChannels]`, null as NaN).
   *
   * @returns what the sample says about itself, or a sentence when it is no sample of these columns
   */
  read(
    sample: readonly unknown[],
    out: Float64Array,
  ): { readonly counter: number; readonly invented: boolean; readonly marker: boolean } | string {
    for (let c = 0; c < this.#positions.length; c++) {
      const value = sample[this.#positions[c]!];
      if (value === null) out[c] = Number.NaN;
      else if (typeof value === "number" && Number.isFinite(value)) out[c] = value;
      else return `"${this.channels[c]!.label}" is not a number`;
    }
    const counter = this.#counter < 0 ? Number.NaN : sample[this.#counter];
    if (this.#counter >= 0 && !(Number.isInteger(counter) && (counter as number) >= 0))
      return "COUNTER is no index";
    const marker = this.#marker < 0 ? 0 : sample[this.#marker];
    return {
      counter: counter as number,
      invented: this.#interpolated >= 0 && sample[this.#interpolated] === 1,
      marker: typeof marker === "number" && marker !== 0,
    };
  }
}

/** Units of the motion sensors: acceleration in g, magnetic field in uT; quaternions have none. */
export function motionUnit(label: string): string {
  if (label.startsWith("ACC")) return "g";
  return label.startsWith("MAG") ? "uT" : "";
}
