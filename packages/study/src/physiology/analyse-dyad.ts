import { basename } from "node:path";
import { type ContinuousRecording, openRecording, readStates } from "@attune/recording";
import type { StateInterval } from "@attune/signal";
import { StudyError } from "../errors.ts";
import { attuneVersion, hashOf } from "../provenance.ts";
import { answerOf, verdictsOf } from "./answer.ts";
import { CodedStates, closedIntervals } from "./behaviour/coded-states.ts";
import { behaviourRows } from "./behaviour/rows.ts";
import { behaviourOf } from "./behaviour/vocabulary.ts";
import { covary, type OtherDyad } from "./covariation/covary.ts";
import { checkCrossTalk } from "./covariation/cross-talk.ts";
import { epochModels } from "./covariation/models.ts";
import { pairsOf } from "./covariation/series.ts";
import { declaredLayers, splitPrimary } from "./covariation/split.ts";
import { epochRows, personResult } from "./hearts/describe.ts";
import { type Heart, makeHeart, type SharedTime } from "./hearts/heart.ts";
import { readHearts } from "./hearts/read-hearts.ts";
import {
  affordable,
  type DyadRequest,
  type DyadSettings,
  defaultDyadSettings,
  type MemberRequest,
} from "./request.ts";
import type { DyadResult } from "./result.ts";
import { sharedTime } from "./shared-time.ts";
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
  const behaviour = behaviourOf(coded, first.id, second.id);
  onProgress("cross-talk");
  const crossTalk = checkCrossTalk(first.read, second.read, settings);
  const pairs = pairsOf(first, second, time);
  const others = await otherDyads(request, settings, onProgress);
  onProgress("covariation");
  const covariation = covary(pairs, others, settings, onProgress);
  const ibi = pairs[0]!;
  const splits = splitPrimary(covariation.primary, ibi, coded, settings, time);
  const models = epochModels(first, second);
  onProgress("behaviour");
  const rows = behaviourRows(behaviour, settings);
  onProgress("brains");
  const brain = await brainCoupling(recording, members, request.brainProfile);
  const sliding = covariationSeries(ibi.first, ibi.second);
  const series = timelineSeries(first, second, sliding, brain.series, time);
  const events = timelineEvents(behaviour);
  onProgress("events");
  const eventLocked = eventLockedCourses(events, series, settings);
  const { rows: together, notAsked } = askTogether(events, series, time, settings);
  const people = [personResult(first, time), personResult(second, time)] as const;
  const name = basename(request.path ?? members[0].beatsPath ?? "dyad");
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
      inputs: recording === undefined ? [] : [{ name, sha256: await recording.sha256() }],
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
    behaviour: rows,
    eventLocked,
    together,
    brain: brainSummary,
    epochs: epochRows(name, first, second, coded, time),
    notReported: [...notReportedOf(covariation, brain, behaviour), ...notAsked],
    verdicts: verdictsOf(known, hearts),
    answer: answerOf(known),
    data: {
      beats: hearts.flatMap(({ id, corrected, read }) =>
        Array.from(corrected.rawBeatTimes, (onset, k) => ({
          person: id,
          onset,
          mark: corrected.rawBeatMarks[k]!,
          quality: read.beats.quality[k] ?? Number.NaN,
          late: read.beats.late[k] === 1,
        })),
      ),
      intervals: hearts.flatMap(({ id, corrected }) =>
        Array.from(corrected.times, (onset, k) => ({
          person: id,
          onset,
          ibi: corrected.intervals[k]!,
          mark: corrected.marks[k]!,
        })),
      ),
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

async function openContinuous(
  path: string | undefined,
  { open }: DyadRequest,
): Promise<ContinuousRecording | undefined> {
  if (path === undefined) return undefined;
  const recording = await openRecording(path, open ?? {});
  if (recording.kind === "continuous") return recording;
  await recording.close();
  throw new StudyError(
    `${path} holds epochs without a time axis between them: hearts need the whole recording.`,
  );
}

async function heartsOf(
  recording: ContinuousRecording | undefined,
  members: readonly [MemberRequest, MemberRequest],
  settings: DyadSettings,
  onProgress: (step: string) => void,
): Promise<{ hearts: readonly [Heart, Heart]; time: SharedTime }> {
  const read = await readHearts(recording, members, (seconds) =>
    onProgress(`reading: ${seconds.toFixed(0)} s`),
  );
  for (const { member, beats, source } of read)
    if (beats.times.length < 10)
      throw new StudyError(
        `Only ${beats.times.length} heartbeats were found for ${member.id} in ${source}: is it an ECG? Look at attune info for the channels.`,
        { misuse: false },
      );
  const time = sharedTime(read, settings);
  onProgress("intervals and RSA");
  return {
    hearts: [await makeHeart(read[0], time, settings), await makeHeart(read[1], time, settings)],
    time,
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

/** Hearts of the recordings that stand in for other partners, from the beginning of their own shared time. */
async function otherDyads(
  request: DyadRequest,
  settings: DyadSettings,
  onProgress: (step: string) => void,
): Promise<OtherDyad[]> {
  const others: OtherDyad[] = [];
  for (const path of request.pseudoDyads ?? []) {
    onProgress(`pseudo-dyads: ${basename(path)}`);
    const recording = await openContinuous(path, request);
    try {
      const members = request.members.map(({ id, role, ecg, movement }) => {
        if (ecg === undefined)
          throw new StudyError(`Pseudo-dyads need ECG channels, and ${id} has a table of beats.`);
        return { id, role, ecg, ...(movement === undefined ? {} : { movement }) };
      });
      const { hearts, time } = await heartsOf(recording, [members[0]!, members[1]!], settings, () => {});
      others.push({ name: basename(path), pairs: pairsOf(hearts[0], hearts[1], time) });
    } finally {
      await recording?.close();
    }
  }
  return others;
}

function notReportedOf(
  { notComputed }: DyadResult["covariation"],
  brain: { readonly isAvailable: boolean; readonly why: string },
  { gaze, voice, touch }: ReturnType<typeof behaviourOf>,
): { what: string; why: string }[] {
  const missing = notComputed.map(({ id, why }) => ({ what: id, why }));
  if (!brain.isAvailable) missing.push({ what: "brain coupling", why: brain.why });
  for (const [what, present] of [
    ["gaze of both (shares, mutual gaze, first look)", gaze],
    ["voice (contingency, turns)", voice],
    ["touch (kinds, latency)", touch],
  ] as const)
    if (present === undefined) missing.push({ what, why: "it was not coded" });
  missing.push({
    what: "sympathetic activity",
    why: "it needs the pre-ejection period from impedance cardiography; heart rate and low-frequency power are no substitute",
  });
  return missing;
}
