/**
 * Pre-ejection period of one epoch: from the Q onset of the ECG to the opening of the aortic valve (B point). It is
 * the sympathetic index of the studies with impedance cardiography. Heart rate, LF power and LF/HF are not, and
 * nothing here derives one from them. Typical: adult 80-130 ms, infant 50-80 ms.
 */
export interface PreEjectionPeriod {
  /** s. */
  readonly startTime: number;
  /** s. */
  readonly epochSeconds: number;
  /** ms; NaN where it could not be scored. */
  readonly preEjectionPeriod: number;
  /** "imported" was scored elsewhere by a person; "candidate" comes from `impedanceEnsembles`. */
  readonly source: "imported" | "candidate";
  /** A person has looked at the B point. Only checked epochs belong into a result. */
  readonly checked: boolean;
}

/** Widest range in which a scored period is believable, ms; beyond it an imported value is taken for a slip. */
const believable = { shortest: 20, longest: 250 };

/**
 * Epochs scored in other software, in order of time. Values outside 20-250 ms become NaN: most often seconds were
 * given for ms, or the epoch was marked with a placeholder such as 0 or 999.
 *
 * @param epochs start in s on the session's clock, period in ms
 */
export function importPreEjectionPeriods(
  epochs: readonly { readonly startTime: number; readonly preEjectionPeriod: number }[],
  { epochSeconds }: { readonly epochSeconds: number },
): PreEjectionPeriod[] {
  return epochs
    .map(({ startTime, preEjectionPeriod }) => {
      const inRange = preEjectionPeriod >= believable.shortest && preEjectionPeriod <= believable.longest;
      return {
        startTime,
        epochSeconds,
        preEjectionPeriod: inRange ? preEjectionPeriod : Number.NaN,
        source: "imported" as const,
        checked: true,
      };
    })
    .sort((a, b) => a.startTime - b.startTime);
}
