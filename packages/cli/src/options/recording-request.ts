import type { OpenOptions } from "@attune/recording";
import type { PersonRequest, RecordingRequest } from "@attune/study";
import { MisuseError } from "../errors/misuse.ts";
import type { AnalysisOptions } from "./analysis-options.ts";
import { existingFile } from "./paths.ts";
import { resolveSettings } from "./study-settings.ts";

export interface ResolvedRequest {
  readonly request: RecordingRequest;
  readonly notes: readonly string[];
}

/** What the person typed as a request to the study; every file in it is there. */
export async function resolveRequest(
  file: string | undefined,
  options: AnalysisOptions,
): Promise<ResolvedRequest> {
  const { profile, settings, notes } = resolveSettings(options);
  const { path, open } = await recordingOf(file, options);
  const states = options.states === undefined ? {} : { statesPath: await existingFile(options.states) };
  return { request: { path, open, ...states, people: peopleOf(options), profile, settings }, notes };
}

async function recordingOf(
  file: string | undefined,
  { adultEpochs, infantEpochs, samplingRate }: AnalysisOptions,
): Promise<{ path: string; open: OpenOptions }> {
  if (adultEpochs === undefined && infantEpochs === undefined) {
    if (file === undefined)
      throw new MisuseError(
        "There is no recording to analyse: name a FILE, or --adult-epochs and --infant-epochs.",
      );
    return { path: await existingFile(file), open: samplingRate === undefined ? {} : { samplingRate } };
  }
  if (adultEpochs === undefined || infantEpochs === undefined)
    throw new MisuseError("Epochs come in pairs: give both --adult-epochs and --infant-epochs.");
  if (file !== undefined) throw new MisuseError(`Either FILE (${file}) or epochs, not both.`);
  const files = { adult: await existingFile(adultEpochs), infant: await existingFile(infantEpochs) };
  return { path: files.adult, open: { files } };
}

/** Adults first, as everywhere. */
function peopleOf(options: AnalysisOptions): PersonRequest[] {
  const person = (role: "adult" | "infant", channels?: string[], stream?: string): PersonRequest => ({
    id: role,
    role,
    ...(channels === undefined ? {} : { channels }),
    ...(stream === undefined ? {} : { stream }),
  });
  return [
    person("adult", options.adult, options.adultStream),
    person("infant", options.infant, options.infantStream),
  ];
}
