import { ADULT_GAZE, type AdultGaze, type PlantedCoupling } from "@attune/device-simulated";
import { InvalidArgumentError } from "commander";

const how =
  "write from->to:strength, then any of direct or averted, a band such as 6-9Hz, a delay such as 20ms: adult->infant:0.1:direct";

/**
 * `adult->infant:0.1:direct:6-9Hz:20ms` as a planted influence; the parts after the strength come in any order. `none` plants
 * nothing. Repeating the option adds to the list.
 */
export function addCoupling(text: string, before: readonly PlantedCoupling[] | undefined): PlantedCoupling[] {
  if (text.trim() === "none") return [...(before ?? [])];
  const [pair = "", strength = "", ...rest] = text.split(":").map((part) => part.trim());
  const [, from, to] = /^([\w-]+?)\s*->\s*([\w-]+)$/.exec(pair) ?? [];
  const value = strength === "" ? Number.NaN : Number(strength);
  if (from === undefined || to === undefined || !Number.isFinite(value))
    throw new InvalidArgumentError(`"${text}" plants nothing: ${how}.`);
  return [...(before ?? []), rest.reduce<PlantedCoupling>(refine, { from, to, strength: value })];
}

function refine(coupling: PlantedCoupling, part: string): PlantedCoupling {
  if (part === "always") return coupling;
  if ((ADULT_GAZE as readonly string[]).includes(part)) return { ...coupling, gazeState: part as AdultGaze };
  const [, low, high] = /^(\d*\.?\d+)-(\d*\.?\d+)\s*hz$/i.exec(part) ?? [];
  if (low !== undefined && high !== undefined) return { ...coupling, band: [Number(low), Number(high)] };
  const [, delay] = /^(\d*\.?\d+)\s*ms$/i.exec(part) ?? [];
  if (delay !== undefined) return { ...coupling, delaySeconds: Number(delay) / 1000 };
  throw new InvalidArgumentError(`"${part}" is not understood: ${how}.`);
}

/** A planted influence in words. */
export function couplingText({ from, to, strength, gazeState, band, delaySeconds }: PlantedCoupling): string {
  const when = gazeState === undefined ? "always" : `under ${gazeState} gaze`;
  const where = band === undefined ? "" : `, ${band[0]}-${band[1]} Hz only`;
  const late = delaySeconds === undefined ? "" : `, ${Math.round(delaySeconds * 1000)} ms late`;
  return `${from}->${to} ${strength} ${when}${where}${late}`;
}
