import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { simulateHearts } from "@attune/device-simulated";
import { analyseDyad } from "@attune/study";
import { afterAll, expect, test } from "vitest";

// The whole analysis of recordings in which nothing was planted. `ATTUNE_LONG=1` does it for many.
const isLong = process.env.ATTUNE_LONG === "1";
const nRecordings = isLong ? 200 : 8;
const seconds = isLong ? 600 : 240;
const folder = mkdtempSync(join(tmpdir(), "attune-null-hearts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function nullDyad(seed: number) {
  const hearts = simulateHearts({
    seed,
    durationSeconds: seconds,
    covariation: 0,
    covariationInTouch: 0,
    slowingAfterTouch: 0,
    contingentVoice: false,
  });
  const path = (name: string): string => join(folder, `${name}.tsv`);
  for (const role of ["adult", "infant"] as const)
    writeFileSync(path(role), `onset\n${Array.from(hearts.beats[role]).join("\n")}\n`);
  const rows = hearts.states.map(({ onset, duration, person, layer, state }) =>
    [onset, duration, person, layer, state].join("\t"),
  );
  writeFileSync(path("states"), `onset\tduration\tperson\tlayer\tstate\n${rows.join("\n")}\n`);
  return analyseDyad({
    members: [
      { id: "adult", role: "adult", beatsPath: path("adult") },
      { id: "infant", role: "infant", beatsPath: path("infant") },
    ],
    statesPath: path("states"),
    settings: { split: "touch", nSurrogates: 199, exploratorySurrogates: isLong ? 199 : 19 },
  });
}

/** Most rejections that a test of 5 % gives in 99.9 % of such series. */
function mostRejections(n: number): number {
  let term = 0.95 ** n;
  let below = term;
  let k = 0;
  while (below < 0.999) {
    term *= ((n - k) / (k + 1)) * (0.05 / 0.95);
    below += term;
    k++;
  }
  return k;
}

test(`${nRecordings} recordings without covariation or contingency: nothing declared is found more often than it should`, async () => {
  const rejected = { primary: 0, touch: 0, answers: 0, together: 0, exploratory: 0 };
  for (let seed = 1000; seed < 1000 + nRecordings; seed++) {
    const { covariation, splits, behaviour, together, settings } = await nullDyad(seed);
    if (covariation.primary.p <= settings.alpha) rejected.primary++;
    if (splits.some(({ isDeclared, q }) => isDeclared && q <= settings.alpha)) rejected.touch++;
    if (covariation.exploratory.some(({ q }) => q <= settings.alpha)) rejected.exploratory++;
    if (together.some(({ stands }) => stands)) rejected.together++;
    const answers = behaviour.find(
      ({ measure, detail, null: kind }) =>
        measure === "delta P" &&
        kind === "circular-shift" &&
        detail.startsWith("adult answers infant's protophone, within 2 s"),
    );
    if (answers !== undefined && answers.p <= settings.alpha) rejected.answers++;
  }
  process.stderr.write(`${JSON.stringify({ nullDyads: nRecordings, seconds, rejected })}\n`);
  const most = mostRejections(nRecordings);
  for (const name of ["primary", "touch", "answers"] as const)
    expect(rejected[name], name).toBeLessThanOrEqual(most);
}, 1_800_000);
