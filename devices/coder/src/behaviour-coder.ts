import type { Seconds, StateChange } from "@attune/signal";
import type { CodingRow } from "./coding-log.ts";
import { CoderError } from "./errors.ts";
import { bindKeys, type CodedLayer, type KeyBinding, keyName } from "./layers.ts";

export interface BehaviourCoderOptions {
  readonly layers: readonly CodedLayer[];
  /** Who codes; the first is the primary coder, whose states are the session's. Default `["coder"]`. */
  readonly coders?: readonly string[];
  /** How long a change can be undone, default 10. */
  readonly undoSeconds?: Seconds;
  /** Declared reaction time, default 0.3 (ours); written into every row and never applied. */
  readonly humanLatencySeconds?: Seconds;
  /**
   * False where releases cannot be seen, as in a terminal: `hold` layers then toggle, and `sameKeyCloses` is ignored, since
   * a key that repeats looks like a key pressed again. Default true.
   */
  readonly keyReleases?: boolean;
}

/** What a call led to: changes of the session's states (the primary coder's) and rows of the log (everybody's). */
export interface Coded {
  readonly changes: readonly StateChange[];
  readonly rows: readonly CodingRow[];
}

interface Undoable {
  readonly row: CodingRow;
  readonly layerIndex: number;
}

/** What one coder has coded so far. */
interface Track {
  readonly coder: string;
  readonly states: string[];
  /** Per layer, keys that are held, the newest last. */
  readonly held: KeyBinding[][];
  readonly down: Set<string>;
  undoable: Undoable[];
  lastAt: Seconds;
}

const NOTHING: Coded = { changes: [], rows: [] };

/**
 * Live coding of behaviour with keys: keys in, state changes on the session clock and a log out. Pure: it knows no keyboard
 * and no clock.
 *
 * Each coder has a track of its own. Repeats of a key that is down are ignored. While several keys of a `hold` layer are down
 * the newest counts; when it is released the one before it counts again. Times of one coder never go back: a key
 * reported earlier than the last is moved up to it, and its row says so.
 */
export class BehaviourCoder {
  readonly layers: readonly CodedLayer[];
  readonly coders: readonly string[];
  readonly #bindings: ReadonlyMap<string, KeyBinding>;
  readonly #undoSeconds: Seconds;
  readonly #humanLatencySeconds: Seconds;
  readonly #keyReleases: boolean;
  readonly #tracks: readonly Track[];
  readonly #rows: CodingRow[] = [];
  #running = false;

  /** @throws CoderError for a table of layers that contradicts itself, no coder, or a coder named twice */
  constructor(options: BehaviourCoderOptions) {
    const { layers, coders = ["coder"] } = options;
    if (coders.length === 0 || new Set(coders).size !== coders.length)
      throw new CoderError(`Coders must be named, each differently; got ${JSON.stringify(coders)}.`);
    this.layers = layers;
    this.coders = coders;
    this.#bindings = bindKeys(layers);
    this.#undoSeconds = options.undoSeconds ?? 10;
    this.#humanLatencySeconds = options.humanLatencySeconds ?? 0.3;
    this.#keyReleases = options.keyReleases ?? true;
    this.#tracks = coders.map((coder) => ({
      coder,
      states: layers.map((layer) => layer.defaultState),
      held: layers.map(() => []),
      down: new Set(),
      undoable: [],
      lastAt: Number.NEGATIVE_INFINITY,
    }));
  }

  get primary(): string {
    return this.coders[0]!;
  }

  get running(): boolean {
    return this.#running;
  }

  /** Every row so far, in the order in which they became known. */
  get rows(): readonly CodingRow[] {
    return this.#rows;
  }

  /** What holds now, by the primary coder's track or another's. */
  stateOf(person: string, layer: string, coder = this.primary): string {
    return this.#track(coder).states[this.#layerIndex(person, layer)]!;
  }

  /** Coding begins: every layer of every coder is in its default state, and says so. */
  start(at: Seconds): Coded {
    if (this.#running) return NOTHING;
    this.#running = true;
    return this.#collect((into) => {
      for (const track of this.#tracks) {
        track.undoable = [];
        track.down.clear();
        this.layers.forEach((layer, layerIndex) => {
          track.held[layerIndex]!.length = 0;
          this.#write(track, layerIndex, layer.defaultState, at, "start", {}, into);
        });
      }
    });
  }

  /** @param repeat the keyboard's own repeat, `KeyboardEvent.repeat` */
  keyDown(key: string, at: Seconds, coder = this.primary, repeat = false): Coded {
    const track = this.#track(coder);
    const binding = this.#bindings.get(keyName(key));
    if (!this.#running || !binding || repeat || track.down.has(binding.key)) return NOTHING;
    if (this.#keyReleases) track.down.add(binding.key);
    const { layerIndex, state } = binding;
    const layer = this.layers[layerIndex]!;
    const holds = layer.mode === "hold" && this.#keyReleases;
    if (holds) track.held[layerIndex]!.push(binding);
    const closes =
      !holds && this.#keyReleases && layer.sameKeyCloses === true && track.states[layerIndex] === state;
    return this.#set(track, layerIndex, closes ? layer.defaultState : state, at, binding.key);
  }

  keyUp(key: string, at: Seconds, coder = this.primary): Coded {
    const track = this.#track(coder);
    const binding = this.#bindings.get(keyName(key));
    if (!binding || !track.down.delete(binding.key) || !this.#running) return NOTHING;
    const { layerIndex } = binding;
    const held = track.held[layerIndex]!;
    const place = held.indexOf(binding);
    if (place < 0) return NOTHING;
    const wasNewest = place === held.length - 1;
    held.splice(place, 1);
    if (!wasNewest) return NOTHING;
    const state = held.at(-1)?.state ?? this.layers[layerIndex]!.defaultState;
    return this.#set(track, layerIndex, state, at, binding.key);
  }

  /** The window lost the keyboard: no release will be seen, so every key counts as released. */
  blur(at: Seconds, coder = this.primary): Coded {
    const track = this.#track(coder);
    track.down.clear();
    const emptied = track.held.flatMap((held, layerIndex) => (held.length > 0 ? [layerIndex] : []));
    for (const held of track.held) held.length = 0;
    if (!this.#running) return NOTHING;
    return this.#collect((into) => {
      for (const layerIndex of emptied) {
        const { defaultState } = this.layers[layerIndex]!;
        if (track.states[layerIndex] === defaultState) continue;
        const row = this.#write(track, layerIndex, defaultState, at, "state", {}, into);
        track.undoable.push({ row, layerIndex });
      }
    });
  }

  /**
   * Take back this coder's last change, if it is not older than `undoSeconds`: what held before it holds again from now on,
   * and a `correction` points to the mistake. Again: the change before that. Nothing is rewritten.
   */
  undo(at: Seconds, coder = this.primary): Coded {
    const track = this.#track(coder);
    const last = track.undoable.at(-1);
    if (!this.#running || !last || at - last.row.at > this.#undoSeconds) return NOTHING;
    track.undoable.pop();
    const { row, layerIndex } = last;
    const held = track.held[layerIndex]!;
    const place = held.findIndex(({ key }) => key === row.key);
    if (place >= 0) held.splice(place, 1);
    return this.#collect((into) =>
      this.#write(track, layerIndex, row.previous, at, "correction", { corrects: row.index }, into),
    );
  }

  /** Code a state without a key, such as a phase that a program announces. */
  setState(person: string, layer: string, state: string, at: Seconds, coder = this.primary): Coded {
    if (!this.#running) return NOTHING;
    return this.#set(this.#track(coder), this.#layerIndex(person, layer), state, at, undefined);
  }

  /** Coding ends: layers that are not in their default state are closed, and flagged as `auto-close`. */
  stop(at: Seconds): Coded {
    if (!this.#running) return NOTHING;
    const closed = this.#collect((into) => {
      for (const track of this.#tracks)
        this.layers.forEach(({ defaultState }, layerIndex) => {
          track.held[layerIndex]!.length = 0;
          if (track.states[layerIndex] !== defaultState)
            this.#write(track, layerIndex, defaultState, at, "auto-close", {}, into);
        });
    });
    for (const track of this.#tracks) {
      track.down.clear();
      track.undoable = [];
    }
    this.#running = false;
    return closed;
  }

  #set(track: Track, layerIndex: number, state: string, at: Seconds, key: string | undefined): Coded {
    if (track.states[layerIndex] === state) return NOTHING;
    return this.#collect((into) => {
      const row = this.#write(track, layerIndex, state, at, "state", key === undefined ? {} : { key }, into);
      track.undoable.push({ row, layerIndex });
    });
  }

  #collect(work: (into: { changes: StateChange[]; rows: CodingRow[] }) => void): Coded {
    const into = { changes: [] as StateChange[], rows: [] as CodingRow[] };
    work(into);
    return into;
  }

  #write(
    track: Track,
    layerIndex: number,
    state: string,
    reportedAt: Seconds,
    kind: CodingRow["kind"],
    more: { key?: string; corrects?: number },
    into: { changes: StateChange[]; rows: CodingRow[] },
  ): CodingRow {
    if (!Number.isFinite(reportedAt))
      throw new CoderError(`The time of a coded state must be a number of seconds, got ${reportedAt}.`);
    const { person, layer } = this.layers[layerIndex]!;
    const at = Math.max(reportedAt, track.lastAt);
    const row: CodingRow = {
      index: this.#rows.length,
      kind,
      coder: track.coder,
      person,
      layer,
      state,
      previous: track.states[layerIndex]!,
      at,
      ...(at === reportedAt ? {} : { reportedAt }),
      humanLatencySeconds: this.#humanLatencySeconds,
      ...more,
    };
    track.lastAt = at;
    track.states[layerIndex] = state;
    this.#rows.push(row);
    into.rows.push(row);
    if (track.coder === this.primary) into.changes.push({ kind: "state", person, layer, state, at });
    return row;
  }

  #track(coder: string): Track {
    const track = this.#tracks.find((one) => one.coder === coder);
    if (!track)
      throw new CoderError(`There is no coder "${coder}"; this session has ${this.coders.join(", ")}.`);
    return track;
  }

  #layerIndex(person: string, layer: string): number {
    const index = this.layers.findIndex((one) => one.person === person && one.layer === layer);
    if (index < 0) {
      const known = this.layers.map((one) => `${one.person}.${one.layer}`).join(", ");
      throw new CoderError(`${person}.${layer} is not coded; the table has ${known}.`);
    }
    return index;
  }
}
