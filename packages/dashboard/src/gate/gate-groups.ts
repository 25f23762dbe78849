import type { Checks } from "@attune/wire/page";
import { texts } from "../texts/texts.ts";

export type GateCheck = Checks["checks"][number];
export type GateGroup = keyof typeof texts.gate.groups;

const GROUPS: Readonly<Record<string, GateGroup>> = {
  people: "people",
  tap: "people",
  electrodes: "people",
  impedance: "people",
  impedances: "people",
  device: "streams",
  samples: "streams",
  rate: "streams",
  loss: "streams",
  clock: "streams",
  "double use": "streams",
  folder: "recording",
  disk: "recording",
  name: "recording",
  interrupted: "recording",
  analysis: "analysis",
};

/** Checks by what they are about, in the order in which a person goes through them. */
export function groupChecks(checks: readonly GateCheck[]): { group: GateGroup; checks: GateCheck[] }[] {
  const order = Object.keys(texts.gate.groups) as GateGroup[];
  return order
    .map((group) => ({
      group,
      checks: checks.filter(({ check }) => (GROUPS[check] ?? "other") === group),
    }))
    .filter((each) => each.checks.length > 0);
}

/** What a reason belongs to, however often the check is made again. */
export const checkKey = ({ check, about }: Pick<GateCheck, "check" | "about">): string =>
  `${check}\n${about}`;

export const isReason = (text: string | undefined): boolean => (text?.trim().length ?? 0) >= 3;

export type Missing =
  | { readonly kind: "tap"; readonly person: string; readonly label: string }
  | { readonly kind: "reason"; readonly check: string; readonly about: string };

export interface Gate {
  readonly isOpen: boolean;
  /** Red checks without a reason. */
  readonly nReasons: number;
  readonly nTaps: number;
  /** What stands in the way first, in the order in which the page shows it. */
  readonly missing: Missing | undefined;
  readonly overrides: { readonly check: string; readonly about: string; readonly reason: string }[];
}

/** Whether the session may begin, and in spite of what. */
export function gateOf(checks: Checks | undefined, reasons: ReadonlyMap<string, string>): Gate {
  if (checks === undefined)
    return { isOpen: false, nReasons: 0, nTaps: 0, missing: undefined, overrides: [] };
  const reds = checks.checks.filter(({ verdict }) => verdict === "red");
  const given = reds.filter((check) => isReason(reasons.get(checkKey(check))));
  const open = checks.taps.filter(({ confirmed }) => !confirmed);
  const nTaps = open.length;
  const unreasoned = groupChecks(reds)
    .flatMap((group) => group.checks)
    .find((check) => !given.includes(check));
  const missing: Missing | undefined =
    open[0] !== undefined
      ? { kind: "tap", person: open[0].person, label: open[0].label }
      : unreasoned && { kind: "reason", check: unreasoned.check, about: unreasoned.about };
  const nReasons = reds.length - given.length;
  return {
    isOpen: nReasons === 0 && nTaps === 0,
    nReasons,
    nTaps,
    missing,
    overrides: given.map(({ check, about }) => ({
      check,
      about,
      reason: reasons.get(checkKey({ check, about }))!.trim(),
    })),
  };
}
