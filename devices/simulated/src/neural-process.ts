import { hashSeed, mulberry32, normal } from "@attune/core";
import type { Regime } from "./dynamics.ts";
import type { SimulationOptions } from "./options.ts";
import type { ResolvedPerson } from "./people.ts";
import { StimulusProgram } from "./stimulus-program.ts";

/** Internal samples before session time 0, so that the process has forgotten its start. */
const BURN_IN = 2000;

/**
 * The process inside the heads, sample after sample at 200 Hz, kept for as long as its readers need it.
 *
 * Every node has its own stretch of a ring that is written twice, one capacity apart, so that any `capacity`
 * successive samples lie side by side.
 */
export class NeuralProcess {
  readonly nNodes: number;
  readonly capacity: number;
  /** `[nNodes, 2 capacity]`: sample `n` of node `i` is at `i * 2 capacity + offset(n)`, and once more `capacity` on. */
  readonly ring: Float64Array;
  readonly #regimes: readonly Regime[];
  readonly #switches: readonly { firstSample: number; regime: number }[];
  readonly #persons: readonly ResolvedPerson[];
  readonly #shared: number;
  readonly #own: number;
  readonly #gaussian: () => number;
  readonly #stimulus: StimulusProgram;
  #next = -BURN_IN;
  #switch = 0;

  /** @param keepSamples how far behind the newest sample a reader may still look */
  constructor(
    persons: readonly ResolvedPerson[],
    regimes: readonly Regime[],
    switches: readonly { firstSample: number; regime: number }[],
    options: SimulationOptions,
    keepSamples: number,
  ) {
    const correlation = options.withinHeadCorrelation ?? 0.5;
    this.#persons = persons;
    this.#regimes = regimes;
    this.#switches = switches;
    this.#shared = Math.sqrt(correlation);
    this.#own = Math.sqrt(1 - correlation);
    this.#gaussian = normal(mulberry32(hashSeed(options.seed, "innovations")));
    this.#stimulus = new StimulusProgram(persons, options);
    this.nNodes = regimes[0]!.nNodes;
    const order = Math.max(...regimes.map((regime) => regime.order));
    this.capacity = 2 ** Math.ceil(Math.log2(keepSamples + order + 2));
    this.ring = new Float64Array(this.nNodes * 2 * this.capacity);
  }

  /** Place of sample `n` within a node's stretch. */
  offset(n: number): number {
    return (n + BURN_IN) & (this.capacity - 1);
  }

  /** Computes all samples up to and including `last`. */
  advanceTo(last: number): void {
    while (this.#next <= last) this.#step();
  }

  #step(): void {
    const n = this.#next;
    const switches = this.#switches;
    while (this.#switch + 1 < switches.length && switches[this.#switch + 1]!.firstSample <= n)
      this.#switch += 1;
    const { rowStart, lags, sources, values, innovationScale } =
      this.#regimes[switches[this.#switch]!.regime]!;
    const { ring, capacity } = this;
    const stride = 2 * capacity;
    const now = this.offset(n) + capacity;
    const gaussian = this.#gaussian;
    for (let p = 0; p < this.#persons.length; p++) {
      const { firstNode, labels } = this.#persons[p]!;
      const common = this.#shared * gaussian();
      const drive = this.#stimulus.drive(p, n);
      for (let i = firstNode; i < firstNode + labels.length; i++) {
        let sum = innovationScale[i]! * (common + this.#own * gaussian()) + drive;
        for (let e = rowStart[i]!; e < rowStart[i + 1]!; e++)
          sum += values[e]! * ring[sources[e]! * stride + now - lags[e]!]!;
        ring[i * stride + now] = sum;
        ring[i * stride + now - capacity] = sum;
      }
    }
    this.#next = n + 1;
  }
}
