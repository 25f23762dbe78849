import { InvalidArgumentError } from "commander";

interface Range {
  readonly least?: number;
  readonly below?: number;
  readonly above?: number;
  readonly whole?: boolean;
}

/** A parser for a number in a range. */
export function numberIn({ least, below, above, whole = false }: Range): (text: string) => number {
  const limits = [
    ...(least === undefined ? [] : [`at least ${least}`]),
    ...(above === undefined ? [] : [`above ${above}`]),
    ...(below === undefined ? [] : [`below ${below}`]),
  ];
  const wanted = `It must be a ${whole ? "whole " : ""}number${limits.length === 0 ? "" : ` ${limits.join(" and ")}`}.`;
  return (text) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    const fits =
      Number.isFinite(value) &&
      (least === undefined || value >= least) &&
      (above === undefined || value > above) &&
      (below === undefined || value < below) &&
      (!whole || Number.isSafeInteger(value));
    if (!fits) throw new InvalidArgumentError(wanted);
    return value;
  };
}

/** `A,B, C` as a list; a name cannot be empty. */
export function nameList(text: string): string[] {
  const names = text.split(",").map((name) => name.trim());
  if (names.some((name) => name === ""))
    throw new InvalidArgumentError("It must be names separated by commas, such as C3,C4.");
  return names;
}

export interface NamedBand {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/** `theta:3-6,alpha:6-9` as bands in Hz. */
export function bandList(text: string): NamedBand[] {
  const bands = text.split(",").map((part): NamedBand => {
    const match = /^\s*([^:]+?)\s*:\s*(\d*\.?\d+)\s*-\s*(\d*\.?\d+)\s*$/.exec(part);
    const [, name = "", low = "", high = ""] = match ?? [];
    if (match === null || !(Number(low) > 0 && Number(low) < Number(high)))
      throw new InvalidArgumentError(
        `"${part.trim()}" is not a band: write name:low-high in Hz, such as theta:3-6,alpha:6-9.`,
      );
    return { name, low: Number(low), high: Number(high) };
  });
  const twice = bands.find(({ name }, i) => bands.findIndex((band) => band.name === name) !== i);
  if (twice !== undefined) throw new InvalidArgumentError(`Band ${twice.name} is named twice.`);
  return bands;
}

/** `adult:gaze` as a person and a layer. */
export function personLayer(text: string): { person: string; layer: string } {
  const [person = "", layer = "", ...rest] = text.split(":").map((part) => part.trim());
  if (person === "" || layer === "" || rest.length > 0)
    throw new InvalidArgumentError("It must be person:layer, such as adult:gaze.");
  return { person, layer };
}

/** `max` (infinity), or N times real time. */
export function replaySpeed(text: string): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0)
    throw new InvalidArgumentError("It must be max, or a number above 0 (2 is twice real time).");
  return value;
}
