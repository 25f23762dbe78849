import type { Spectrum } from "../result.ts";

/** Numbers that look random and are the same every time (Lehmer's generator). */
export function exampleGenerator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

export const people = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
] as const;
export const channels = ["C3", "C4"];
export const montage = people.flatMap(({ id }) => channels.map((channel) => ({ person: id, channel })));
export const routes = [
  { from: "adult", to: "infant" },
  { from: "infant", to: "adult" },
];
export const measure = "gpdcSquared";

/** What is planted in a condition: the corrected coupling per `from>to band`; everything else is at chance. */
export type Planted = Readonly<Record<string, number>>;

/** A peak in theta where it is planted, chance elsewhere. */
export function spectrum(planted: Planted, settingsBins: number): Spectrum {
  const frequencies = Array.from({ length: settingsBins }, (_, bin) => (bin * 100) / (2 * settingsBins));
  return {
    frequencies,
    directions: routes.map(({ from, to }) => {
      const floor = frequencies.map(
        (f) => (from === "adult" ? 0.0085 : 0.0066) * (1 + 0.35 * Math.exp(-((f - 8) ** 2) / 18)),
      );
      const peak = planted[`${from}>${to} theta`] ?? 0;
      return {
        from,
        to,
        floor,
        threshold: floor.map((value) => value * 3.84),
        values: frequencies.map(
          (f, bin) =>
            (floor[bin] as number) * (1 + 0.25 * Math.sin(f * 0.7 + from.length)) +
            1.25 * peak * Math.exp(-((f - 4.6) ** 2) / 3),
        ),
      };
    }),
  };
}

/** `[sink, source]`; every column sums to 1, as the squared measure does. */
export function matrix(band: string, planted: Planted): number[] {
  const random = exampleGenerator(5 + band.charCodeAt(0) * 11);
  const n = montage.length;
  const values = new Array<number>(n * n).fill(0);
  montage.forEach((source, column) => {
    let rest = 1;
    montage.forEach((sink, row) => {
      if (row === column) return;
      const effect = planted[`${source.person}>${sink.person} ${band}`] ?? 0;
      const share = source.person === sink.person ? 0.08 + 0.1 * random() : 0.006 + 0.008 * random() + effect;
      values[row * n + column] = share;
      rest -= share;
    });
    values[column * n + column] = rest;
  });
  return values;
}
