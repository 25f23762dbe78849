import { type ContinuousRecording, openRecording } from "@attune/recording";
import { StudyError } from "../../errors.ts";
import type { DyadRequest, DyadSettings, MemberRequest } from "../request.ts";
import { sharedTime } from "../shared-time.ts";
import { type Heart, makeHeart } from "./heart.ts";
import { readHearts } from "./read-hearts.ts";
import type { SharedTime } from "./shared-span.ts";

/** Opens a recording that has a time axis; nothing where there is no path. */
export async function openContinuous(
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

/** Both hearts of a recording on the time that they share. */
export async function heartsOf(
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
