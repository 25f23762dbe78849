import { simulateGaze } from "./event-locked/simulated-gaze.ts";
import { analyseEvents } from "./event-locked.ts";

const [name, strength, nEvents, seeds, evoked] = [process.argv[2], ...process.argv.slice(3).map(Number)] as [
  string,
  number,
  number,
  number,
  number,
];
const hits = new Map<string, number[]>();
const t0 = performance.now();
for (let seed = 1; seed <= seeds; seed++) {
  const [r] = analyseEvents(
    simulateGaze({ seed, nEvents, strength, evoked, settings: { nSurrogates: 99, seed } }),
  );
  for (const d of r!.directions) {
    const key = `${d.from}>${d.to} ${d.band}`;
    const h = hits.get(key) ?? [0, 0, 0];
    hits.set(key, h);
    if (Math.min(...d.p) <= 0.05) h[0]!++;
    if (Math.min(...d.baselineP!) <= 0.05) h[1]!++;
    if (Math.min(...d.p.filter((_, i) => r!.times[i]! <= -0.15 + 1e-9)) <= 0.05) h[2]!++;
  }
}
for (const [k, h] of hits) console.log(name, k, h.map((x) => (x / seeds).toFixed(3)).join(" "));
console.log(name, "ms per run", ((performance.now() - t0) / seeds).toFixed(0));
