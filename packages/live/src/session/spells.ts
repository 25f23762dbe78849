/** To which trouble a line of the log belongs: one trouble may be told several times, and at last that it is over. */
export interface SpellMark {
  readonly id: number;
  readonly isOver: boolean;
}

/** Numbers of the troubles that last, by what they are about: a device that is away, a stream that loses samples. */
export class Spells {
  readonly #open = new Map<string, number>();
  #newest = 0;

  /** The trouble that lasts, or a new one. */
  mark(about: string): SpellMark {
    const id = this.#open.get(about) ?? ++this.#newest;
    this.#open.set(about, id);
    return { id, isOver: false };
  }

  /** It is over; undefined where there was none. */
  end(about: string): SpellMark | undefined {
    const id = this.#open.get(about);
    if (id === undefined) return undefined;
    this.#open.delete(about);
    return { id, isOver: true };
  }
}
