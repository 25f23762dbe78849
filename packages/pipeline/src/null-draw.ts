import {
  blockShuffle,
  counterRandom,
  DirectedFit,
  directionMeans,
  identityPairing,
  PairedMoments,
  WindowSet,
} from "@attune/core";
import { directionsOf } from "./couple.ts";
import { type SessionSettings, windowSamples } from "./settings.ts";

/**
 * Surrogates of one set of windows, a few at a time, so that no chunk has to wait for all of them. The windows of one
 * person are paired with other windows of the others (`blockShuffle`).
 */
export class NullDraw {
  readonly #settings: SessionSettings;
  readonly #set: WindowSet;
  readonly #paired: PairedMoments;
  readonly #fit: DirectedFit;
  readonly #gram: Float64Array;
  readonly #means: Float64Array;
  readonly #uniform: () => number;
  #nLeft: number;
  /** `[direction * band][surrogate]`; surrogates whose model could not be fitted are left out. */
  readonly draws: number[][];

  /**
   * @param windows `[nWindows]` of `[nChannels, nSamples]`
   * @param key     condition and number of the draw: the same key gives the same surrogates
   */
  constructor(
    settings: SessionSettings,
    windows: readonly Float64Array[],
    nSurrogates: number,
    key: { readonly condition: string; readonly draw: number },
  ) {
    const people = settings.people.map(({ person, channels }) => ({
      id: person.id,
      nChannels: channels.length,
    }));
    const { order } = settings.model;
    this.#settings = settings;
    this.#set = new WindowSet(people, windowSamples(settings), windows);
    this.#paired = new PairedMoments(this.#set, order);
    this.#fit = new DirectedFit({
      nChannels: this.#set.nChannels,
      order,
      samplingRate: settings.analysisRate,
      frequencyBins: settings.frequencyBins,
      bands: settings.bands,
    });
    this.#gram = new Float64Array(((order + 1) * this.#set.nChannels) ** 2);
    this.#means = new Float64Array(directionsOf(settings).length * settings.bands.length);
    this.#uniform = counterRandom(settings.seed, key.condition, "live-null", key.draw);
    this.#nLeft = nSurrogates;
    this.draws = Array.from(this.#means, () => []);
  }

  get isComplete(): boolean {
    return this.#nLeft === 0;
  }

  /** Draws the next `nSurrogates`, or what is left. */
  advance(nSurrogates: number): void {
    const directions = directionsOf(this.#settings);
    for (let s = Math.min(nSurrogates, this.#nLeft); s > 0; s--, this.#nLeft--) {
      const pairing = identityPairing(this.#set);
      for (let person = 1; person < pairing.length; person++)
        pairing[person] = blockShuffle(this.#set.nWindows, { minimumShift: 1, uniform: this.#uniform });
      this.#paired.gram(this.#gram, pairing);
      if (this.#fit.execute(this.#gram, this.#paired.nRows) !== "ok") continue;
      directionMeans(this.#means, this.#fit.matrices, directions, this.#set.nChannels);
      for (let v = 0; v < this.#means.length; v++) this.draws[v]!.push(this.#means[v]!);
    }
  }
}
