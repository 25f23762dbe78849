import { profileNamed, type StudySettings, studySettingsSchema } from "@attune/study";
import { MisuseError } from "../errors/misuse.ts";
import type { AnalysisOptions } from "./analysis-options.ts";

export interface ResolvedSettings {
  /** Name under which the result goes. */
  readonly profile: string;
  readonly settings: StudySettings;
  /** What the person should know about how their options were combined. */
  readonly notes: readonly string[];
}

/** A profile with what the person overrides, every parameter filled in and consistent with the others. */
export function resolveSettings(options: AnalysisOptions): ResolvedSettings {
  const profile = profileNamed(options.profile);
  const { settings, notes } = withUsableNull(overridden(profile.settings, options), options);
  const checked = studySettingsSchema.safeParse(settings);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    throw new MisuseError(`The setting ${issue?.path.join(".")} cannot be so: ${issue?.message}.`);
  }
  const name = options.offline ? `${profile.name} (offline)` : profile.name;
  return { profile: name, settings: checked.data, notes };
}

function overridden(base: StudySettings, o: AnalysisOptions): StudySettings {
  const bands = o.bands ?? base.bands;
  return {
    ...base,
    alignment: o.offline ? "offline" : base.alignment,
    gridRate: o.rate ?? base.gridRate,
    analysisRate: o.rate ?? base.analysisRate,
    filter: {
      ...base.filter,
      phase: o.offline ? "zero-phase" : base.filter.phase,
      highPassHz: o.highPass ?? base.filter.highPassHz,
      lowPassHz: o.lowPass ?? base.filter.lowPassHz,
      notchHz: o.notch ?? base.filter.notchHz,
    },
    reference: o.reference ?? base.reference,
    artefacts: artefactsOf(base.artefacts, o),
    window: { seconds: o.window ?? base.window.seconds, overlap: o.overlap ?? base.window.overlap },
    states: statesOf(base.states, o),
    model: {
      ...base.model,
      estimator: o.estimator ?? base.model.estimator,
      order: o.order ?? base.model.order,
      maxOrder: Math.max(base.model.maxOrder, o.order ?? 0),
      pooling: o.pooling ?? base.model.pooling,
    },
    bands,
    primaryBands: o.bands === undefined ? base.primaryBands : bands.map(({ name }) => name),
    nSurrogates: o.surrogates ?? base.nSurrogates,
    seed: o.seed ?? base.seed,
  };
}

function artefactsOf(base: StudySettings["artefacts"], o: AnalysisOptions): StudySettings["artefacts"] {
  const { adult, infant, child } = base.amplitudeMicrovolts;
  return {
    ...base,
    amplitudeMicrovolts: { adult: o.amplitudeAdult ?? adult, infant: o.amplitudeInfant ?? infant, child },
    guardSeconds: o.artefactGuard ?? base.guardSeconds,
    outlierZ: o.outlier ?? base.outlierZ,
    lineNoiseHz: o.notch || base.lineNoiseHz,
  };
}

/** A layer that is now the condition cannot also be required to be in one state. */
function statesOf(base: StudySettings["states"], { layer, guard }: AnalysisOptions): StudySettings["states"] {
  const chosen = layer ?? base;
  return {
    ...base,
    person: chosen.person,
    layer: chosen.layer,
    guardSeconds: guard ?? base.guardSeconds,
    require: base.require.filter((each) => !(each.person === chosen.person && each.layer === chosen.layer)),
  };
}

/** Exchanging residuals asks for one pooled least-squares model and for windows that do not overlap. */
const allowsResidualShuffle = ({ model, window }: StudySettings): boolean =>
  model.pooling === "pooled" && model.estimator === "ols" && window.overlap === 0;

/** Nulls that say something about coupling itself and so can decide about it. */
const deciding = [
  "residualShuffle",
  "blockShuffle",
  "circularShift",
  "repetitionSwap",
  "phaseRand",
  "allChannelShuffle",
];

function withUsableNull(
  settings: StudySettings,
  { null: chosen }: AnalysisOptions,
): { settings: StudySettings; notes: string[] } {
  const usable = allowsResidualShuffle(settings);
  if (chosen !== undefined && !deciding.includes(chosen))
    throw new MisuseError(
      `--null ${chosen} does not test coupling itself: choose one of ${deciding.join(", ")}.`,
    );
  if (chosen === "residualShuffle" && !usable)
    throw new MisuseError(
      "--null residualShuffle needs one pooled least-squares model and windows without overlap: add --pooling pooled --estimator ols --overlap 0, or choose --null blockShuffle.",
    );
  const wanted = chosen ?? settings.primaryNull;
  const primaryNull = wanted === "residualShuffle" && !usable ? "blockShuffle" : wanted;
  const kept = settings.nulls.filter((id) => usable || id !== "residualShuffle");
  const nulls = kept.includes(primaryNull) ? kept : [primaryNull, ...kept];
  const notes =
    primaryNull === wanted
      ? []
      : [
          "residualShuffle needs one pooled least-squares model and windows without overlap, so blockShuffle decides instead.",
        ];
  return { settings: { ...settings, nulls, primaryNull }, notes };
}
