import { writeFile } from "node:fs/promises";
import { basename } from "node:path";
import { type HeartsOptions, simulateHearts } from "@attune/device-simulated";
import { type JsonObject, writeJson } from "@attune/study";
import { quoted, shownPath } from "../options/paths.ts";
import { clockTime } from "../output/format.ts";
import { ProgressLine } from "../output/progress-line.ts";
import { say } from "../output/write.ts";
import { writeHearts } from "./write-hearts.ts";

/** Writes a recording of two hearts, the table of states that a coder would have made of it, and its truth. */
export async function simulateHeartsTo(
  path: string,
  options: HeartsOptions,
  truthPath: string,
  statesPath: string,
  json: boolean,
): Promise<void> {
  const hearts = simulateHearts(options);
  const progress = new ProgressLine();
  try {
    await writeHearts(hearts, path, (seconds) =>
      progress.show(`Writing ${basename(path)}: ${clockTime(seconds)}`),
    );
  } finally {
    progress.clear();
  }
  const rows = hearts.states.map(({ onset, duration, person, layer, state }) =>
    [onset, duration, person, layer, state].join("\t"),
  );
  await writeFile(statesPath, `onset\tduration\tperson\tlayer\tstate\n${rows.join("\n")}\n`);
  await writeFile(truthPath, `${writeJson(hearts.truth as unknown as JsonObject)}\n`);
  const { truth } = hearts;
  const analyze = `attune dyad ${quoted(shownPath(path))} --adult-ecg ECG --infant-ecg ECG --adult-belt RESP --infant-belt RESP --split touch --out results`;
  const document = {
    file: shownPath(path),
    statesFile: shownPath(statesPath),
    truthFile: shownPath(truthPath),
    seed: truth.seed,
    durationSeconds: truth.durationSeconds,
    lagSeconds: truth.lagSeconds,
    covariation: truth.covariation,
    slowingAfterTouch: truth.slowingAfterTouch,
    leak: truth.leak,
    contingentVoice: truth.contingentVoice,
    analyze,
  };
  say(
    json
      ? writeJson(document as unknown as JsonObject)
      : [
          `Wrote ${document.file} (${clockTime(truth.durationSeconds)}, seed ${truth.seed}), the coded states ${document.statesFile} and the truth ${document.truthFile}.`,
          "Planted:",
          `  the infant's slow heart follows the adult's by ${truth.lagSeconds} s: correlation ${truth.covariation.inTouch} in touch, ${truth.covariation.otherwise} otherwise`,
          `  the infant's heart slows by ${truth.slowingAfterTouch} ms after the onset of touch`,
          truth.contingentVoice
            ? `  the adult answers ${truth.behaviour.replyShare} of the infant's protophones`
            : "  the adult speaks without regard to the infant",
          ...(truth.leak > 0 ? [`  ${truth.leak} of the adult's ECG leaks into the infant's`] : []),
          `Next: ${analyze}`,
        ].join("\n"),
  );
}
