import { bandMean, fitMvar, gpdc, interPersonMean } from "@attune/core";
import type { ContinuousRecording } from "@attune/recording";
import { collect, sessionSettings } from "../../collect.ts";
import { StudyError } from "../../errors.ts";
import { resolvePeople } from "../../people.ts";
import { play } from "../../play.ts";
import { profileNamed } from "../../profiles.ts";
import { fitRates } from "../../rates.ts";
import type { MemberRequest } from "../request.ts";
import type { BrainResult, BrainSeries } from "../result.ts";

export interface BrainCoupling extends BrainResult {
  readonly series: readonly BrainSeries[];
}

/** Hz between the frequencies over which a band is averaged. */
const FREQUENCY_STEP = 0.5;

/**
 * Coupling of the brains as a series on the session's timeline: squared GPDC of every window of the profile by itself, both
 * directions, in the profile's first declared band. One window is little data: single values mean nothing, courses over many
 * events may.
 */
export async function brainCoupling(
  recording: ContinuousRecording | undefined,
  members: readonly [MemberRequest, MemberRequest],
  profileName: string | undefined,
): Promise<BrainCoupling> {
  const name = profileName ?? "recommended";
  const without = (why: string): BrainCoupling => ({
    isAvailable: false,
    why,
    profile: name,
    band: "",
    nWindows: 0,
    series: [],
  });
  const eeg = recording?.streams.filter(
    ({ type, nominalSamplingRate }) => /^eeg$/i.test(type) && nominalSamplingRate > 0,
  );
  if (recording === undefined || eeg === undefined || eeg.length === 0)
    return without("the recording has no EEG");
  const profile = profileNamed(name);
  const requests = members.map(({ id, role }) => ({ id, role }));
  let people: ReturnType<typeof resolvePeople>;
  try {
    people = resolvePeople(recording.streams, requests, profile.settings);
  } catch (error) {
    // EEG that cannot be told apart must not keep the hearts from being analysed; the report says why it is missing.
    if (error instanceof StudyError) return without(error.message);
    throw error;
  }
  const settings = { ...fitRates(profile.settings, people), alignment: "offline" as const };
  const band = settings.bands.find((each) => settings.primaryBands.includes(each.name)) ?? settings.bands[0]!;
  const frequencies = Float64Array.from(
    { length: Math.floor((band.high - band.low) / FREQUENCY_STEP) + 1 },
    (_, k) => band.low + k * FREQUENCY_STEP,
  );
  const inputs = play(
    recording.play({ alignment: "offline", streams: [...new Set(people.map(({ streamId }) => streamId))] }),
  );
  const { windows } = await collect(inputs, {
    settings: sessionSettings(settings, people, new Set(), undefined),
  });
  const hop = settings.window.seconds * (1 - settings.window.overlap);
  const first = windows[0]?.window.start ?? 0;
  const last = windows.at(-1)?.window.start ?? first;
  const n = windows.length === 0 ? 0 : Math.round((last - first) / hop) + 1;
  const offsets = [0, people[0]!.channels.length];
  const rows = people.map(({ channels }, k) => channels.map((_, c) => offsets[k]! + c));
  const nChannels = rows.reduce((sum, each) => sum + each.length, 0);
  const values = [new Float64Array(n).fill(Number.NaN), new Float64Array(n).fill(Number.NaN)];
  let nWindows = 0;
  for (const labelled of windows) {
    if (labelled.kind !== "accepted") continue;
    const { data, start } = labelled.window;
    const model = fitMvar([data], {
      nChannels,
      order: settings.model.order,
      estimator: settings.model.estimator,
    });
    if (model.status !== "ok") continue;
    const spectrum = gpdc(model, { samplingRate: settings.analysisRate, frequencies });
    const matrix = bandMean(spectrum, { low: band.low, high: band.high, edges: "closed", squared: true });
    const at = Math.round((start - first) / hop);
    values[0]![at] = interPersonMean(matrix, { fromIndices: rows[0]!, toIndices: rows[1]! }).value;
    values[1]![at] = interPersonMean(matrix, { fromIndices: rows[1]!, toIndices: rows[0]! }).value;
    nWindows++;
  }
  const [a, b] = people.map(({ person }) => person.id);
  const common = { startTime: first + settings.window.seconds / 2, samplingRate: 1 / hop };
  return {
    isAvailable: nWindows > 0,
    why: nWindows > 0 ? "" : "no window of the EEG was clean",
    profile: name,
    band: `${band.name} ${band.low}-${band.high} Hz`,
    nWindows,
    series:
      nWindows === 0
        ? []
        : [
            { from: a!, to: b!, ...common, values: values[0]! },
            { from: b!, to: a!, ...common, values: values[1]! },
          ],
  };
}
