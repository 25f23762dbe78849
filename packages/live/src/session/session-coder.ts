import {
  BehaviourCoder,
  type Coded,
  type CodedLayer,
  type CodingRow,
  encodeRow,
  keyName,
} from "@attune/device-coder";
import type { PointEvent, Seconds, StateChange } from "@attune/signal";
import type { SessionFile } from "../session-file/schema.ts";
import { behaviourTable, statesTable } from "./coding-tables.ts";
import { type Correction, type CorrectionWish, correctionOf } from "./corrections.ts";

/** Whose states are the session's. */
export const PRIMARY_CODER = "coder";

/** One coder's track and the numbers that its rows have in the common log. */
interface Track {
  readonly coder: BehaviourCoder;
  readonly numbers: number[];
}

/**
 * Behaviour coded with keys during a session: what the keyboard does becomes states and a log, both recorded. Further coders have
 * tracks of their own from the moment at which they join: their rows are recorded, their states never enter the session.
 */
export class SessionCoder {
  readonly #layers: readonly CodedLayer[];
  readonly #latencySeconds: Seconds;
  readonly #keyReleases: boolean;
  readonly #tracks = new Map<string, Track>();
  readonly #rows: CodingRow[] = [];
  readonly #heldKeys: ReadonlySet<string>;
  readonly #now: () => Seconds;
  readonly #enter: (input: StateChange | PointEvent) => void;
  #isRunning = false;
  #beganAt: Seconds = Number.NaN;

  /** @param keyReleases false where a released key cannot be seen, as in a terminal */
  constructor(
    coding: SessionFile["coding"],
    keyReleases: boolean,
    now: () => Seconds,
    enter: (input: StateChange | PointEvent) => void,
  ) {
    this.#layers = coding.layers.map(({ person, layer, mode, initial, states }) => ({
      person,
      layer,
      mode,
      defaultState: initial,
      states: Object.entries(states).map(([state, key]) => ({ state, keys: [key] })),
    }));
    this.#latencySeconds = coding.latencySeconds;
    this.#keyReleases = keyReleases;
    this.#heldKeys = new Set(
      coding.layers.flatMap(({ mode, states }) =>
        mode === "hold" ? Object.values(states).map((key) => key.toLowerCase()) : [],
      ),
    );
    this.#now = now;
    this.#enter = enter;
    this.#add(PRIMARY_CODER, keyReleases);
  }

  /** @param at when the session begins: what tables count `recording_time` from */
  start(at = this.#now()): void {
    this.#isRunning = true;
    this.#beganAt = at;
    for (const track of this.#tracks.values()) this.#take(track, track.coder.start(this.#now()));
  }

  /** Another coder begins, or comes back. Releases of keys are seen: whoever joins has a page. */
  join(coder: string): void {
    if (this.#tracks.has(coder)) return;
    const track = this.#add(coder, true);
    if (this.#isRunning) this.#take(track, track.coder.start(this.#now()));
  }

  /** Who codes, the primary coder first. */
  get coders(): readonly string[] {
    return [...this.#tracks.keys()];
  }

  get layers(): readonly CodedLayer[] {
    return this.#layers;
  }

  /** What a key meant, in words; undefined when it means nothing or nothing changed. */
  press(key: string, at = this.#now(), coder = PRIMARY_CODER): string | undefined {
    return this.#with(coder, (track) => track.keyDown(key, at, coder));
  }

  /** A key that comes as a word: a state that is toggled needs no release, one that is held lasts until `release`. */
  type(key: string): string | undefined {
    const done = this.press(key);
    const isHeld = this.#heldKeys.has(key.toLowerCase());
    return isHeld ? done : (this.release(key) ?? done);
  }

  release(key: string, at = this.#now(), coder = PRIMARY_CODER): string | undefined {
    if (coder === PRIMARY_CODER && !this.#keyReleases) return this.#letGo(key, at);
    return this.#with(coder, (track) => track.keyUp(key, at, coder));
  }

  /** A state without a key. @returns what changed; undefined when nothing did, or when nobody codes that layer */
  set(
    { person, layer, state }: { readonly person: string; readonly layer: string; readonly state: string },
    at = this.#now(),
    coder = PRIMARY_CODER,
  ): string | undefined {
    if (!this.#layers.some((each) => each.person === person && each.layer === layer)) return undefined;
    return this.#with(coder, (track) => track.setState(person, layer, state, at, coder));
  }

  /** Takes the last change back, as a row of its own. */
  undo(at = this.#now(), coder = PRIMARY_CODER): string | undefined {
    return this.#with(coder, (track) => track.undo(at, coder));
  }

  /**
   * Says what held over a stretch of the past (`whyNotCorrect` says whether it may). Nothing is rewritten: it is a row of its own. Where
   * the stretch reaches up to now the state holds from now on, too.
   */
  correct(wish: CorrectionWish, at = this.#now(), coder = PRIMARY_CODER): Correction {
    const row = correctionOf({ ...wish, until: Math.min(wish.until, at) }, this.#rows, {
      index: this.#rows.length,
      coder,
      at,
      latency: this.#latencySeconds,
    });
    this.#tell([this.#append(row)]);
    if (wish.until >= at) this.set(wish, at, coder);
    return row;
  }

  /** What was corrected counts again as it was coded. */
  takeBack({ index, coder, person, layer, state, previous }: Correction, at = this.#now()): void {
    const holds = this.stateOf(person, layer, coder);
    this.#tell([
      this.#append({
        index: this.#rows.length,
        kind: "correction",
        coder,
        person,
        layer,
        // No state of now changes by it.
        state: holds ?? previous,
        previous: state,
        at,
        humanLatencySeconds: this.#latencySeconds,
        corrects: index,
      }),
    ]);
  }

  /** What holds on a coder's track; undefined where nobody codes that layer. */
  stateOf(person: string, layer: string, coder = PRIMARY_CODER): string | undefined {
    if (!this.#layers.some((each) => each.person === person && each.layer === layer)) return undefined;
    return this.#tracks.get(coder)?.coder.stateOf(person, layer, coder);
  }

  /** Closes what is still held. */
  stop(): void {
    this.#isRunning = false;
    for (const track of this.#tracks.values()) this.#take(track, track.coder.stop(this.#now()));
  }

  /** Every row of every coder, in the order in which they became known, numbered through. */
  get rows(): readonly CodingRow[] {
    return this.#rows;
  }

  /** The log as a table that event-logging programs read. */
  table(): string {
    return behaviourTable(this.#rows, this.#beganAt);
  }

  /** The session's states with every correction, as an analysis takes them. */
  states(): string {
    return statesTable(this.#rows, PRIMARY_CODER, this.#beganAt);
  }

  /** The terminal does not see releases, a page beside it does: its held key ends the state that it set. */
  #letGo(key: string, at: Seconds): string | undefined {
    const name = keyName(key);
    for (const { person, layer, mode, defaultState, states } of this.#layers) {
      const own =
        mode === "hold" ? states.find(({ keys }) => keys.some((each) => keyName(each) === name)) : undefined;
      if (own === undefined || this.stateOf(person, layer) !== own.state) continue;
      return this.#with(PRIMARY_CODER, (track) => track.setState(person, layer, defaultState, at));
    }
    return undefined;
  }

  #add(coder: string, keyReleases: boolean): Track {
    const track: Track = {
      coder: new BehaviourCoder({
        layers: this.#layers,
        coders: [coder],
        humanLatencySeconds: this.#latencySeconds,
        keyReleases: keyReleases || this.#keyReleases,
      }),
      numbers: [],
    };
    this.#tracks.set(coder, track);
    return track;
  }

  #with(coder: string, act: (coder: BehaviourCoder) => Coded): string | undefined {
    const track = this.#tracks.get(coder);
    return track === undefined ? undefined : this.#take(track, act(track.coder));
  }

  #take({ coder, numbers }: Track, { rows }: Coded): string | undefined {
    const isPrimary = coder.primary === PRIMARY_CODER;
    const numbered = rows.map((row) => this.#number(row, numbers));
    if (isPrimary) for (const row of numbered) this.#enter(changeOf(row));
    this.#tell(numbered);
    const last = numbered.at(-1);
    return last === undefined ? undefined : `${last.person} ${last.layer}: ${last.state}`;
  }

  #tell(rows: readonly CodingRow[]): void {
    for (const row of rows)
      this.#enter({ kind: "event", label: encodeRow(row), at: row.at, source: "coding" });
  }

  #append<Row extends CodingRow>(row: Row): Row {
    this.#rows.push(row);
    return row;
  }

  /** The row under its number in the common log; what it corrects is named by that number too. */
  #number(row: CodingRow, numbers: number[]): CodingRow {
    const index = this.#rows.length;
    numbers.push(index);
    const numbered: CodingRow =
      row.corrects === undefined
        ? { ...row, index }
        : { ...row, index, corrects: numbers[row.corrects] ?? row.corrects };
    return this.#append(numbered);
  }
}

const changeOf = ({ person, layer, state, at }: CodingRow): StateChange => ({
  kind: "state",
  person,
  layer,
  state,
  at,
});
