import type { Channel } from "@attune/signal";

export type Contact = "good" | "fair" | "bad" | "off" | "unknown";

/** Cortex counts from 0 (no signal) over 1 (very bad), 2 (poor) and 3 (fair) to 4 (good). */
const WORDS: readonly Contact[] = ["off", "bad", "bad", "fair", "good"];
const WORST_FIRST: readonly Contact[] = ["off", "bad", "fair", "good", "unknown"];

/**
 * How well the electrodes sit: the worse of contact quality (`dev`) and EEG quality (`eq`) of each channel.
 * `dev` comes as `["Battery", "Signal", [sensor, ..., "OVERALL"], "BatteryPercent"]`, nested as its columns
 * are; `eq` as a flat list with `batteryPercent`.
 */
export class ContactQuality {
  readonly #channels: readonly Channel[];
  readonly #words: Record<"dev" | "eq", Map<string, Contact>> = { dev: new Map(), eq: new Map() };
  #batteryPercent = Number.NaN;

  constructor(channels: readonly Channel[]) {
    this.#channels = channels;
  }

  /** NaN until it was said. */
  get batteryPercent(): number {
    return this.#batteryPercent;
  }

  /** One per channel. */
  get channels(): readonly Contact[] {
    return this.#channels.map(({ label }) => {
      const words = [this.#words.dev.get(label) ?? "unknown", this.#words.eq.get(label) ?? "unknown"];
      return WORST_FIRST.find((word) => words.includes(word as Contact)) ?? "unknown";
    });
  }

  /** @returns a sentence when the values do not fit the columns; then nothing of them was taken */
  take(stream: "dev" | "eq", cols: readonly unknown[], values: readonly unknown[]): string | undefined {
    const named = flatten(cols, values);
    if (!named) return `${stream} does not fit its columns`;
    for (const [label, value] of named) {
      if (typeof value !== "number") continue;
      if (/^batterypercent$/i.test(label)) {
        if (value >= 0 && value <= 100) this.#batteryPercent = value;
      } else this.#words[stream].set(label, WORDS[value] ?? "unknown");
    }
    return undefined;
  }
}

function flatten(cols: readonly unknown[], values: readonly unknown[]): [string, unknown][] | undefined {
  if (values.length < cols.length) return undefined;
  const named: [string, unknown][] = [];
  for (const [position, name] of cols.entries()) {
    const value = values[position];
    if (typeof name === "string") named.push([name, value]);
    else if (Array.isArray(name) && Array.isArray(value) && value.length === name.length) {
      for (const [inner, label] of name.entries())
        if (typeof label === "string") named.push([label, value[inner]]);
    } else return undefined;
  }
  return named;
}
