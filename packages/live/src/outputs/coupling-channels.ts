import type { SessionSettings } from "@attune/pipeline";
import { directionsOf } from "@attune/pipeline";
import type { Coupling } from "@attune/signal";

/** The numbers of one direction and band, in this order. `z` and `corrected` are NaN until there is a null. */
export const FIELDS = ["value", "corrected", "z"] as const;

/** A number that a running session sends: from whom, to whom, in which band, and which of the fields. */
export interface CouplingChannel {
  readonly from: string;
  readonly to: string;
  readonly band: string;
  readonly field: (typeof FIELDS)[number];
}

export const channelLabel = ({ from, to, band, field }: CouplingChannel): string =>
  `${from}->${to} ${band} ${field}`;

/** Every number of a session, in a fixed order. */
export function couplingChannels(settings: SessionSettings): CouplingChannel[] {
  return directionsOf(settings).flatMap(({ from, to }) =>
    settings.bands.flatMap(({ name: band }) => FIELDS.map((field) => ({ from, to, band, field }))),
  );
}

/** The numbers of one coupling in the order of the channels; NaN for what it does not hold. */
export function valuesOf(coupling: Coupling, channels: readonly CouplingChannel[]): number[] {
  const usable = coupling.health.status === "ok";
  return channels.map(({ from, to, band, field }) => {
    const found = coupling.values.find((each) => each.from === from && each.to === to && each.band === band);
    return usable && found !== undefined ? found[field] : Number.NaN;
  });
}
