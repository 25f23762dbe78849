import { basename } from "node:path";
import { RecordingError } from "@attune/recording";
import { StudyError } from "../../errors.ts";
import type { Provenance } from "../../result.ts";
import { heartsOf, openContinuous } from "../hearts/hearts-of.ts";
import type { DyadRequest, DyadSettings, MemberRequest } from "../request.ts";
import type { OtherDyad } from "./covary.ts";
import { pairsOf } from "./series.ts";

type Inputs = Provenance["inputs"];

/**
 * Reads the recordings that stand in for other partners, each from the beginning of its own shared time. One is open at a time,
 * and only its series are kept.
 *
 * @param known inputs of this dyad: none of them may stand in for another
 * @throws StudyError naming the recording that has no such channel, is too short, or was given twice
 */
export async function readPseudoDyads(
  request: DyadRequest,
  settings: DyadSettings,
  known: Inputs,
  onProgress: (step: string) => void,
): Promise<{ readonly others: OtherDyad[]; readonly inputs: Inputs }> {
  const paths = request.pseudoDyads ?? [];
  if (paths.length === 0) return { others: [], inputs: [] };
  const members = [ecgOf(request.members[0]), ecgOf(request.members[1])] as const;
  const others: OtherDyad[] = [];
  const inputs: { name: string; sha256: string }[] = [];
  for (const [k, path] of paths.entries()) {
    const name = basename(path);
    onProgress(`pseudo-dyads: ${k + 1} of ${paths.length}, ${name}`);
    try {
      const recording = await openContinuous(path, request);
      if (recording === undefined) continue;
      try {
        const sha256 = await recording.sha256();
        const same = [...known, ...inputs].find((each) => each.sha256 === sha256);
        if (same !== undefined)
          throw new StudyError(
            `it is the same recording as ${same.name}, and nobody can stand in for themselves: name other dyads`,
          );
        const { hearts, time } = await heartsOf(recording, members, settings, () => {});
        others.push({ name, pairs: pairsOf(hearts[0], hearts[1], time) });
        inputs.push({ name, sha256 });
      } finally {
        await recording.close();
      }
    } catch (error) {
      throw inFile(name, error);
    }
  }
  return { others, inputs };
}

function ecgOf({ id, role, ecg, movement }: MemberRequest): MemberRequest {
  if (ecg === undefined)
    throw new StudyError(
      `Pseudo-dyads are recordings with ECGs, and ${id} has a table of beats: give channels of a recording for both, or leave out --pseudo-dyads.`,
    );
  return { id, role, ecg, ...(movement === undefined ? {} : { movement }) };
}

/** Says in which of many files it was. */
function inFile(name: string, error: unknown): unknown {
  if (!(error instanceof StudyError || error instanceof RecordingError)) return error;
  const named = new StudyError(`Pseudo-dyad ${name}: ${error.message}`, {
    misuse: error instanceof StudyError ? error.misuse : false,
  });
  named.cause = error;
  return named;
}
