import { BehaviourCoder, bindKeys, type Coded, type CodedLayer, keyName } from "@attune/device-coder";
import { type CorrectedInterval, type CorrectionWish, correctionOf, withoutCorrections } from "@attune/live";
import type { Seconds } from "@attune/signal";
import { intervalsOf, type ReplayCorrection, type ReplayRow } from "./coding-rows.ts";
import type { CodingSetting } from "./replay-facts.ts";

/** One coder's track. */
interface Track {
  /** The pass that is going on; undefined before the first key and after a jump. */
  coder: BehaviourCoder | undefined;
  /** Numbers of the pass's rows in the common log. */
  numbers: number[];
  nPasses: number;
}

/**
 * Behaviour coded over a recording. Rows have the recording's time at the press. A coder's times never go back within a pass: what
 * jumps in the recording ends the pass, and the next key begins another.
 */
export class ReplayCoder {
  readonly layers: readonly CodedLayer[];
  readonly #keys: ReadonlySet<string>;
  readonly #latencySeconds: Seconds;
  readonly #onRow: (row: ReplayRow) => void;
  readonly #tracks = new Map<string, Track>();
  readonly #rows: ReplayRow[] = [];

  /** @param onRow told every new row */
  constructor({ layers, latencySeconds }: CodingSetting, onRow: (row: ReplayRow) => void) {
    this.layers = layers.map(({ person, layer, mode, initial, states }) => ({
      person,
      layer,
      mode,
      defaultState: initial,
      states: Object.entries(states).map(([state, key]) => ({ state, keys: [key] })),
    }));
    this.#keys = new Set(bindKeys(this.layers).keys());
    this.#latencySeconds = latencySeconds;
    this.#onRow = onRow;
  }

  /** Every row of every coder, in the order in which they became known, numbered through. */
  get rows(): readonly ReplayRow[] {
    return this.#rows;
  }

  get coders(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  /** @param earlier rows of earlier sittings; numbers are given anew */
  join(coder: string, earlier: readonly ReplayRow[] = []): void {
    if (this.#tracks.has(coder)) return;
    const numbers = new Map<number, number>();
    for (const row of earlier) {
      const index = this.#rows.length;
      numbers.set(row.index, index);
      const { corrects, ...rest } = row;
      this.#rows.push({
        ...rest,
        index,
        ...(corrects === undefined ? {} : { corrects: numbers.get(corrects) ?? corrects }),
      });
    }
    const nPasses = earlier.reduce((most, { pass }) => Math.max(most, pass + 1), 0);
    this.#tracks.set(coder, { coder: undefined, numbers: [], nPasses });
  }

  hasCoded(coder: string): boolean {
    return this.#rows.some((row) => row.coder === coder && row.kind === "state");
  }

  /** What a key meant, in words; undefined when it means nothing or nothing changed. */
  press(key: string, at: Seconds, coder: string): string | undefined {
    if (!this.#keys.has(keyName(key))) return undefined;
    return this.#act(coder, at, (pass) => pass.keyDown(key, at, coder));
  }

  release(key: string, at: Seconds, coder: string): string | undefined {
    return this.#goOn(coder, (pass) => pass.keyUp(key, at, coder));
  }

  blur(at: Seconds, coder: string): void {
    this.#goOn(coder, (pass) => pass.blur(at, coder));
  }

  set(
    { person, layer, state }: { readonly person: string; readonly layer: string; readonly state: string },
    at: Seconds,
    coder: string,
  ): string | undefined {
    return this.#act(coder, at, (pass) => pass.setState(person, layer, state, at, coder));
  }

  /** Takes the last change of the pass back, as a row of its own. */
  undo(at: Seconds, coder: string): string | undefined {
    return this.#goOn(coder, (pass) => pass.undo(at, coder));
  }

  /**
   * Says what held over a stretch of the recording, wherever one is in it: a row of its own; nothing is rewritten. Undefined for a
   * coder who never joined.
   */
  correct(wish: CorrectionWish, at: Seconds, coder: string): ReplayCorrection | undefined {
    const track = this.#tracks.get(coder);
    if (track === undefined) return undefined;
    // It belongs to the pass that is going on, or to the newest.
    track.nPasses = Math.max(1, track.nPasses);
    const row = correctionOf(
      wish,
      this.#rows,
      { index: this.#rows.length, coder, at, latency: this.#latencySeconds },
      this.intervals(coder, at),
    );
    return this.#append({ ...row, pass: track.nPasses - 1 });
  }

  /** What was corrected counts again as it was coded. */
  takeBack({ index, coder, person, layer, state, previous, pass }: ReplayCorrection, at: Seconds): void {
    this.#append({
      index: this.#rows.length,
      kind: "correction",
      coder,
      person,
      layer,
      state: previous,
      previous: state,
      at,
      humanLatencySeconds: this.#latencySeconds,
      corrects: index,
      pass,
    });
  }

  /** The recording goes on elsewhere: what is still held ends here. */
  endPasses(at: Seconds): void {
    for (const [name, track] of this.#tracks) {
      this.#goOn(name, (pass) => pass.stop(at));
      track.coder = undefined;
    }
  }

  /** What a coder has set in the pass that is going on. */
  states(coder: string): { person: string; layer: string; state: string; since: Seconds }[] {
    const track = this.#tracks.get(coder);
    if (track?.coder === undefined) return [];
    const own = withoutCorrections(this.#rows).filter(
      (row) => row.coder === coder && row.pass === track.nPasses - 1,
    );
    return this.layers.flatMap(({ person, layer }) => {
      const rows = own.filter((row) => row.person === person && row.layer === layer);
      const last = rows.at(-1);
      return last === undefined || rows.length < 2
        ? []
        : [{ person, layer, state: last.state, since: last.at }];
    });
  }

  intervals(coder: string, until: Seconds): CorrectedInterval[] {
    return intervalsOf(this.#rows, coder, this.#tracks.get(coder)?.coder === undefined ? 0 : until);
  }

  #append<Row extends ReplayRow>(row: Row): Row {
    this.#rows.push(row);
    this.#onRow(row);
    return row;
  }

  /** Something that begins a pass where none is going on. */
  #act(coder: string, at: Seconds, act: (pass: BehaviourCoder) => Coded): string | undefined {
    const track = this.#tracks.get(coder);
    if (track === undefined) return undefined;
    if (track.coder === undefined) {
      track.coder = new BehaviourCoder({
        layers: this.layers,
        coders: [coder],
        humanLatencySeconds: this.#latencySeconds,
        // For how long something can be undone is told by the clock on the wall, not by the recording.
        undoSeconds: Number.POSITIVE_INFINITY,
      });
      track.numbers = [];
      track.nPasses++;
      this.#take(track, track.coder.start(at));
    }
    return this.#take(track, act(track.coder));
  }

  #goOn(coder: string, act: (pass: BehaviourCoder) => Coded): string | undefined {
    const track = this.#tracks.get(coder);
    return track?.coder === undefined ? undefined : this.#take(track, act(track.coder));
  }

  #take(track: Track, { rows }: Coded): string | undefined {
    for (const row of rows) {
      const index = this.#rows.length;
      track.numbers.push(index);
      const { corrects, ...rest } = row;
      const numbered: ReplayRow = {
        ...rest,
        index,
        pass: track.nPasses - 1,
        ...(corrects === undefined ? {} : { corrects: track.numbers[corrects] ?? corrects }),
      };
      this.#append(numbered);
    }
    const last = rows.at(-1);
    return last === undefined ? undefined : `${last.person} ${last.layer}: ${last.state}`;
  }
}
