import { compare } from "./harness/compare.ts";
import { readResult } from "./harness/store.ts";
import { kernels } from "./registry.ts";

/** One kernel of each kind: least squares and transform, recursive filter, phase. */
const GUARDED = ["window", "filter", "plv"];
const RIVAL = "plain arrays";
const N_ROUNDS = 5;
const MILLISECONDS_PER_ROUND = 200;
/** A kernel may be half as far ahead of its plain twin as it was when its result was committed. */
const MARGIN = 0.5;

/**
 * Relative guard: each kernel against its plain twin in the same run, against the ratio in results/. No absolute time counts,
 * so it can run on any machine.
 */
for (const name of GUARDED) {
  const committed = (await readResult(name)).kernel?.ratios.find(({ peer }) => peer === RIVAL)?.median;
  if (committed === undefined)
    throw new Error(`results/${name}.json has no ratio to ${RIVAL}: run "pnpm bench ${name}".`);
  const benchmark = await kernels[name]!("rivals in Python are left out here");
  const peers = benchmark.peers.filter((peer) => peer.name === RIVAL);
  const reduced = { ...benchmark, peers, millisecondsPerRound: MILLISECONDS_PER_ROUND };
  const { ratios } = await compare(reduced, N_ROUNDS);
  const ratio = ratios.find(({ peer }) => peer === RIVAL)!.median;
  const isKept = ratio >= MARGIN * committed;
  console.log(
    `${isKept ? "ok  " : "SLOW"} ${name}: ${ratio.toFixed(1)} times ${RIVAL}, committed ${committed.toFixed(1)}`,
  );
  if (!isKept) process.exitCode = 1;
}
