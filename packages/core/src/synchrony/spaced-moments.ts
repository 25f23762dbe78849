/**
 * Moments no two of which lie nearer than a separation; each costs a constant time however many there are.
 */
export class SpacedMoments {
  readonly moments: number[] = [];
  readonly #separation: number;
  /** With bins as wide as the separation a bin holds one moment at most. */
  readonly #inBin = new Map<number, number>();

  constructor(separation: number) {
    this.#separation = separation;
  }

  /** Takes the moment unless it is too near to one that was taken before. */
  take(moment: number): boolean {
    const bin = Math.floor(moment / this.#separation);
    for (let b = bin - 1; b <= bin + 1; b++) {
      const other = this.#inBin.get(b);
      if (other !== undefined && Math.abs(other - moment) < this.#separation) return false;
    }
    this.#inBin.set(bin, moment);
    this.moments.push(moment);
    return true;
  }
}
