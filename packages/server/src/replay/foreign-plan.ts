import type { LiveSettings, PersonMontage, SessionSettings } from "@attune/pipeline";
import type { ContinuousRecording } from "@attune/recording";
import type { Person, StateChange } from "@attune/signal";
import {
  fitRates,
  layerKey,
  type PersonRequest,
  profileNamed,
  resolvePeople,
  StudyError,
  type StudySettings,
  sessionSettings,
} from "@attune/study";
import type { EvidenceSession } from "../live/evidence.ts";
import type { AnalysisTask } from "./analysis/messages.ts";

/** Settings of an analysis, as evidence names them. */
export type Plan = EvidenceSession["plan"];

/** How a recording is to be analysed that does not say it itself. */
export interface ForeignRequest {
  /** Who is who; found out where it can be when undefined. */
  readonly people?: readonly PersonRequest[];
  /** Name of the settings. ["recommended"] */
  readonly profile?: string;
  readonly settings?: StudySettings;
  /** A table of coded states, in place of those in the recording. */
  readonly statesPath?: string;
  /** How the running estimate behaves. [as a session file has it by default] */
  readonly running?: LiveSettings;
}

export interface ForeignPlan {
  readonly people: readonly Person[];
  readonly montages: readonly PersonMontage[];
  readonly plan: Plan | undefined;
  readonly pipeline: AnalysisTask["pipeline"];
  readonly whyNot: string | undefined;
}

const usualRunning: LiveSettings = {
  forgettingSeconds: 30,
  solveEverySeconds: 0.5,
  nullEverySeconds: 15,
  nSurrogates: 59,
  bankWindows: 60,
};

const usualPeople: readonly PersonRequest[] = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
];

/**
 * What is coupled in a recording of somebody else. Nobody is guessed: where the recording does not say whose streams are whose and
 * nobody was asked for, it is shown without coupling.
 *
 * @throws StudyError when people or channels that were asked for are not in the recording
 */
export function foreignPlan(
  recording: ContinuousRecording,
  request: ForeignRequest,
  states: readonly StateChange[],
  isTable: boolean,
): ForeignPlan {
  const { people: asked, profile = "recommended", running = usualRunning } = request;
  const given = request.settings ?? profileNamed(profile).settings;
  const wanted: StudySettings = {
    ...given,
    alignment: "causal",
    filter: { ...given.filter, phase: "causal" },
  };
  let montages: PersonMontage[];
  try {
    montages = resolvePeople(recording.streams, asked ?? usualPeople, wanted);
    if (asked === undefined) requireEeg(recording, montages);
  } catch (error) {
    if (asked !== undefined || !(error instanceof StudyError)) throw error;
    return { people: [], montages: [], plan: undefined, pipeline: undefined, whyNot: error.message };
  }
  const settings = fitRates(wanted, montages);
  const layers = new Set(states.map(({ person, layer }) => layerKey(person, layer)));
  const session: SessionSettings = sessionSettings(settings, montages, layers, running);
  const streamIds = [...new Set(montages.map(({ streamId }) => streamId))];
  // Streams without a rate may carry states.
  const irregular = recording.streams.filter(({ nominalSamplingRate }) => nominalSamplingRate === 0);
  return {
    people: montages.map(({ person }) => person),
    montages,
    plan: { profile, settings, running },
    pipeline: {
      settings: session,
      order: "rule",
      streams: isTable ? streamIds : [...streamIds, ...irregular.map(({ id }) => id)],
      states: isTable ? [...states].sort((a, b) => a.at - b.at) : undefined,
    },
    whyNot: undefined,
  };
}

/** Two hearts have names too: only brains are coupled without being asked for. */
function requireEeg({ streams }: ContinuousRecording, montages: readonly PersonMontage[]): void {
  const isEeg = ({ streamId }: PersonMontage): boolean =>
    streams.some(({ id, type }) => id === streamId && /^eeg$/i.test(type));
  if (!montages.every(isEeg))
    throw new StudyError("The recording does not say which streams are EEG: give --adult and --infant.");
}
