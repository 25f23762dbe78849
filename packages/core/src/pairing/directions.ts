import type { PersonRows } from "./window-set.ts";

/** One ordered pair of people with the channels that the links run between. */
export interface Direction {
  readonly from: string;
  readonly to: string;
  readonly fromChannels: readonly number[];
  readonly toChannels: readonly number[];
}

const channels = ({ firstChannel, nChannels }: PersonRows): number[] =>
  Array.from({ length: nChannels }, (_, c) => firstChannel + c);

/** Every ordered pair of people, in the order of the people. */
export function directionsBetween(people: readonly PersonRows[]): Direction[] {
  return people.flatMap((from) =>
    people
      .filter((to) => to !== from)
      .map((to) => ({ from: from.id, to: to.id, fromChannels: channels(from), toChannels: channels(to) })),
  );
}

/**
 * Mean over the links of each direction in each band.
 *
 * @param out      `[direction, band]`
 * @param matrices `[band, sink, source]`
 */
export function directionMeans(
  out: Float64Array,
  matrices: Float64Array,
  directions: readonly Direction[],
  nChannels: number,
): void {
  const nBands = out.length / directions.length;
  directions.forEach(({ fromChannels, toChannels }, d) => {
    for (let b = 0; b < nBands; b++) {
      let sum = 0;
      for (const i of toChannels)
        for (const j of fromChannels) sum += matrices[(b * nChannels + i) * nChannels + j];
      out[d * nBands + b] = sum / (fromChannels.length * toChannels.length);
    }
  });
}
