import { crossLagMoments, LagMoments } from "../mvar/index.ts";
import { PairTable } from "./pair-table.ts";
import { type Pairing, requireWholeUnits, type WindowSet } from "./window-set.ts";

/**
 * Normal-equation moments of all people together, for any pairing of their windows.
 *
 * Moments within a person are the same for every pairing, so a surrogate costs only the moments between people, and of
 * these each pair of windows is computed once.
 */
export class PairedMoments {
  readonly set: WindowSet;
  readonly order: number;
  /** Rows of the pooled regression. */
  readonly nRows: number;
  readonly #within: Float64Array[];
  readonly #tables: {
    readonly a: number;
    readonly b: number;
    readonly table: PairTable;
    readonly sum: Float64Array;
  }[];

  /**
   * @param unit consecutive windows that are exchanged as one; a pairing then counts units, and the set must hold a whole
   *             number of them. Long recordings are exchanged in units so that the number of different pairs stays small.
   */
  constructor(set: WindowSet, order: number, unit = 1) {
    requireWholeUnits("PairedMoments", set, unit);
    this.set = set;
    this.order = order;
    this.nRows = set.nWindows * Math.max(0, set.nSamples - order);
    this.#within = set.people.map(({ nChannels }, person) => {
      const moments = new LagMoments(nChannels, order);
      for (let w = 0; w < set.nWindows; w++) moments.addWindow(set.part(person, w), set.nSamples);
      return moments.gram;
    });
    this.#tables = [];
    for (let a = 0; a < set.people.length; a++) {
      for (let b = a + 1; b < set.people.length; b++) {
        const shape = { nA: set.people[a].nChannels, nB: set.people[b].nChannels, order };
        const size = (order + 1) ** 2 * shape.nA * shape.nB;
        const one = new Float64Array(size);
        const table = new PairTable(set.nWindows / unit, size, (out, unitA, unitB) => {
          out.fill(0);
          for (let w = 0; w < unit; w++) {
            crossLagMoments(one, set.part(a, unitA * unit + w), set.part(b, unitB * unit + w), shape);
            for (let i = 0; i < size; i++) out[i] += one[i];
          }
        });
        this.#tables.push({ a, b, table, sum: new Float64Array(size) });
      }
    }
  }

  /** @param out `[(order + 1) * nChannels]` squared, laid out as `LagMoments.gram` */
  gram(out: Float64Array, pairing: Pairing): void {
    const { set, order } = this;
    for (let person = 0; person < set.people.length; person++)
      this.#place(out, person, person, this.#within[person]);
    for (const { a, b, table, sum } of this.#tables) {
      sum.fill(0);
      const nPlaces = pairing[a].length;
      for (let w = 0; w < nPlaces; w++) table.addTo(sum, pairing[a][w], pairing[b][w]);
      this.#place(out, a, b, sum);
      this.#mirror(out, a, b, order);
    }
  }

  #place(out: Float64Array, a: number, b: number, block: Float64Array): void {
    const { people, nChannels } = this.set;
    const nA = people[a].nChannels;
    const nB = people[b].nChannels;
    const side = (this.order + 1) * nChannels;
    const columns = (this.order + 1) * nB;
    for (let k = 0; k <= this.order; k++) {
      for (let i = 0; i < nA; i++) {
        const row = (k * nChannels + people[a].firstChannel + i) * side;
        const from = (k * nA + i) * columns;
        for (let l = 0; l <= this.order; l++) {
          for (let j = 0; j < nB; j++)
            out[row + l * nChannels + people[b].firstChannel + j] = block[from + l * nB + j];
        }
      }
    }
  }

  #mirror(out: Float64Array, a: number, b: number, order: number): void {
    const { people, nChannels } = this.set;
    const side = (order + 1) * nChannels;
    for (let k = 0; k <= order; k++) {
      for (let i = 0; i < people[a].nChannels; i++) {
        const row = k * nChannels + people[a].firstChannel + i;
        for (let l = 0; l <= order; l++) {
          for (let j = 0; j < people[b].nChannels; j++) {
            const column = l * nChannels + people[b].firstChannel + j;
            out[column * side + row] = out[row * side + column];
          }
        }
      }
    }
  }
}
