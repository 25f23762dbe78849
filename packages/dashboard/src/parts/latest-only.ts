/**
 * Asks for the newest of many wishes: while one is being answered only the last of the others is kept, and it is always asked for in
 * the end. Whoever drags a slider over a long recording keeps nobody busy with places that are passed already.
 */
export class LatestOnly<Wish> {
  readonly #ask: (wish: Wish) => Promise<unknown>;
  #isAsking = false;
  #next: { readonly wish: Wish } | undefined;

  constructor(ask: (wish: Wish) => Promise<unknown>) {
    this.#ask = ask;
  }

  want(wish: Wish): void {
    this.#next = { wish };
    if (!this.#isAsking) void this.#go();
  }

  async #go(): Promise<void> {
    this.#isAsking = true;
    while (this.#next !== undefined) {
      const { wish } = this.#next;
      this.#next = undefined;
      // A refusal is an answer too; what went wrong on the way must not keep the next wish from being asked for.
      await this.#ask(wish).catch(() => {});
    }
    this.#isAsking = false;
  }
}
