import { basename } from "node:path";
import { type ContinuousRecording, readStates } from "@attune/recording";
import type { StateInterval } from "@attune/signal";
import { attuneVersion, hashOf } from "../provenance.ts";
import { answerOf, verdictsOf } from "./answer.ts";
import { strangersIn } from "./behaviour/coded-people.ts";
import { CodedStates, closedIntervals } from "./behaviour/coded-states.ts";
import { lagRows } from "./behaviour/lag-rows.ts";
import { behaviourRows } from "./behaviour/rows.ts";
import { behaviourOf } from "./behaviour/vocabulary.ts";
import { covary } from "./covariation/covary.ts";
import { checkCrossTalk } from "./covariation/cross-talk.ts";
import { epochModels } from "./covariation/models.ts";
import { readPseudoDyads } from "./covariation/read-pseudo-dyads.ts";
import { pairsOf } from "./covariation/series.ts";
import { declaredLayers, splitPrimary } from "./covariation/split.ts";
import { epochRows, personResult } from "./hearts/describe.ts";
import { heartsOf, openContinuous } from "./hearts/hearts-of.ts";
import { baselineOf, withReactivity } from "./hearts/reactivity.ts";
import { inputsOf } from "./inputs.ts";
import { affordable, type DyadRequest, type DyadSettings, defaultDyadSettings } from "./request.ts";
import type { DyadResult } from "./result.ts";
import { brainCoupling } from "./together/brain.ts";
import { covariationSeries, eventLockedCourses, timelineEvents, timelineSeries } from "./together/courses.ts";
import { askTogether } from "./together/questions.ts";

/**
 * One recording with two hearts, and whatever behaviour was coded, as one dyad: beats, intervals, RSA, cross-talk,
 * covariation with its nulls, split by states, models, contingencies, and how brains, hearts and behaviour go together.
 * Times are those of the whole-file clock fit (offline). The same request gives the same numbers.
 *
 * @throws StudyError when the request does not fit the recording; RecordingError when a file cannot be read
 */
export async function analyseDyad(request: DyadRequest): Promise<DyadResult> {
  const recording = await openContinuous(request.path, request);
  try {
    return await analyseOpenDyad(recording, request);
  } finally {
    await recording?.close();
  }
}

/**
 * The same for a recording that is open already, from wherever its samples come; it stays open.
 *
 * @param recording absent where both members have a table of beats
 */
export async function analyseOpenDyad(
  recording: ContinuousRecording | undefined,
  request: DyadRequest,
): Promise<DyadResult> {
  const settings: DyadSettings = { ...defaultDyadSettings, ...request.settings };
  return analyse(recording, request, settings, request.onProgress ?? (() => {}));
}

async function analyse(
  recording: ContinuousRecording | undefined,
  request: DyadRequest,
  wanted: DyadSettings,
  onProgress: (step: string) => void,
): Promise<DyadResult> {
  const { members } = request;
  const { hearts, time } = await heartsOf(recording, members, wanted, onProgress);
  const settings = affordable(wanted, time.end - time.start);
  const [first, second] = hearts;
  const states = await statesOf(recording, request.statesPath);
  const coded = new CodedStates(states, time.start, time.end);
  // Before minutes of surrogates, not after.
  if (settings.split !== undefined) declaredLayers(coded, settings.split);
  const baseline = baselineOf(coded, settings.baseline);
  const strangers = strangersIn(coded, [first.id, second.id]);
  const behaviour = behaviourOf(coded, first.id, second.id);
  onProgress("cross-talk");
  const crossTalk = checkCrossTalk(first.read, second.read, settings);
  const pairs = pairsOf(first, second, time);
  const inputs = await inputsOf(recording, request);
  const { others, inputs: otherInputs } = await readPseudoDyads(request, settings, inputs, onProgress);
  onProgress("covariation");
  const covariation = covary(pairs, others, settings, onProgress);
  const ibi = pairs[0]!;
  const splits = splitPrimary(covariation.primary, ibi, coded, settings, time);
  const models = epochModels(first, second);
  const name = basename(request.path ?? members[0].beatsPath ?? "dyad");
  onProgress("behaviour");
  const rows = behaviourRows(behaviour, settings);
  onProgress("brains");
  const brain = await brainCoupling(recording, members, request.brainProfile);
  const sliding = covariationSeries(ibi.first, ibi.second);
  const series = timelineSeries(first, second, sliding, brain.series, time);
  const events = timelineEvents(behaviour);
  onProgress("events");
  const eventLocked = eventLockedCourses(events, series, settings);
  const { rows: together, notAsked } = askTogether(
    events,
    series,
    time,
    settings,
    crossTalk.verdict === "leak",
  );
  const { epochs, reactivity } = withReactivity(
    epochRows(name, first, second, coded, time),
    baseline,
    time.epochSeconds,
  );
  const people = [personResult(first, time), personResult(second, time)] as const;
  const known = { people, settings, crossTalk, covariation, splits, behaviour: rows, together, models, time };
  const { series: brainSeries, ...brainSummary } = brain;
  return {
    format: "attune-dyad",
    formatVersion: 1,
    name,
    settings,
    provenance: {
      attuneVersion,
      settingsHash: hashOf(wanted),
      inputs: [...inputs, ...otherInputs],
      seed: settings.seed,
      alignment: "offline",
      filterPhase: "zero-phase",
    },
    durationSeconds: recording?.durationSeconds ?? time.end,
    time,
    people,
    crossTalk,
    covariation,
    splits,
    models,
    reactivity,
    behaviour: rows,
    lagSequential: lagRows(behaviour),
    eventLocked,
    together,
    brain: brainSummary,
    epochs,
    notReported: [...notReportedOf(covariation, brain, behaviour, reactivity, people), ...notAsked],
    verdicts: verdictsOf(known, hearts, strangers),
    answer: answerOf(known),
    data: {
      hearts: hearts.map(({ id, corrected, read }) => ({
        person: id,
        beatTimes: corrected.rawBeatTimes,
        beatMarks: corrected.rawBeatMarks,
        beatQuality: read.beats.quality,
        beatLate: read.beats.late,
        intervalTimes: corrected.times,
        intervals: corrected.intervals,
        intervalMarks: corrected.marks,
      })),
      series: {
        interbeat: [first.interbeatPerSecond, second.interbeatPerSecond],
        rsa: [first.rsaPerSecond, second.rsaPerSecond],
        covariation: sliding,
      },
      brain: brainSeries,
      states: coded.rows,
    },
  };
}

async function statesOf(
  recording: ContinuousRecording | undefined,
  statesPath: string | undefined,
): Promise<StateInterval[]> {
  if (statesPath !== undefined) return readStates(statesPath);
  if (recording === undefined) return [];
  return closedIntervals(await recording.stateChanges(), recording.durationSeconds);
}

function notReportedOf(
  { notComputed }: DyadResult["covariation"],
  brain: { readonly isAvailable: boolean; readonly why: string },
  { gaze, voice, touch }: ReturnType<typeof behaviourOf>,
  reactivity: DyadResult["reactivity"],
  people: DyadResult["people"],
): { what: string; why: string }[] {
  const missing = notComputed.map(({ id, why }) => ({ what: id, why }));
  if (!brain.isAvailable) missing.push({ what: "brain coupling", why: brain.why });
  if (reactivity === undefined)
    missing.push({
      what: "reactivity (change from a baseline)",
      why: "no phase called baseline was coded: name one with --baseline",
    });
  else if (reactivity.rows.length === 0)
    missing.push({
      what: "reactivity (change from a baseline)",
      why: `no epoch lies wholly in "${reactivity.baseline}" and none outside it, or they are left out`,
    });
  for (const [what, present] of [
    ["gaze of both (shares, mutual gaze, first look)", gaze],
    ["voice (contingency, turns)", voice],
    ["touch (kinds, latency)", touch[0]],
  ] as const)
    if (present === undefined) missing.push({ what, why: "it was not coded" });
  const without = people.filter(({ preEjectionPeriod }) => Number.isNaN(preEjectionPeriod));
  if (without.length > 0)
    missing.push({
      what: `sympathetic activity of ${without.map(({ id }) => id).join(" and ")}`,
      why: "it needs the pre-ejection period from impedance cardiography; heart rate and low-frequency power are no substitute",
    });
  return missing;
}
