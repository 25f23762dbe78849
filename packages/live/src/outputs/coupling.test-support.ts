import type { SessionSettings } from "@attune/pipeline";
import type { Coupling, DirectedValue } from "@attune/signal";
import { sessionSettings } from "@attune/study";
import { pairSession, scripted } from "../session/scripted-session.test-support.ts";

/** What a session of two people with scripted caps would be analysed with. */
export async function pairSettings(): Promise<SessionSettings> {
  const { session } = scripted(pairSession());
  await session.connect();
  const { settings, running } = session.plan;
  const made = sessionSettings(settings, session.montages()!, new Set(), running);
  await session.end();
  return made;
}

/** A pooled coupling in which every number is another one. */
export function coupling(change: Partial<Coupling> = {}): Coupling {
  const pairs = [
    ["adult", "infant"],
    ["infant", "adult"],
  ] as const;
  const values = pairs.flatMap(([from, to], d) =>
    ["theta", "alpha"].map(
      (band, b): DirectedValue => ({
        from,
        to,
        band,
        measure: "gpdcSquared",
        value: (10 + 2 * d + b) / 100,
        nullMean: Number.NaN,
        nullSd: Number.NaN,
        corrected: Number.NaN,
        z: 2 * d + b,
        p: Number.NaN,
      }),
    ),
  );
  return {
    kind: "coupling",
    at: 12.5,
    condition: "direct",
    scope: "pooled",
    values,
    nWindows: 7,
    effectiveSamples: 1400,
    health: { status: "ok", spectralRadius: 0.9, parameterRatio: 0.01, nObservations: 1400 },
    ...change,
  };
}
