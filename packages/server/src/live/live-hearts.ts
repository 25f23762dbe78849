import type { LiveSession } from "@attune/live";
import type { Hearts } from "@attune/wire/page";
import { filter, type Observer, type Subscription } from "rxjs";
import { HeartBook } from "./hearts.ts";
import type { SessionWatch } from "./session-watch.ts";

/** The hearts and voices of a session in the room. */
export class LiveHearts {
  readonly #session: LiveSession;
  readonly #book: HeartBook;
  readonly #subscriptions: readonly Subscription[];
  readonly #pages: Pick<Observer<Hearts>, "next">;

  /**
   * @param watch keeps a mistake of ours from the session
   * @param pages where documents go
   */
  constructor(
    session: LiveSession,
    watch: Pick<SessionWatch, "guard">,
    pages: Pick<Observer<Hearts>, "next">,
  ) {
    this.#session = session;
    this.#pages = pages;
    this.#book = new HeartBook({
      people: adultsFirst(session.loaded.file.people),
      now: () => session.now(),
      heart: (person) => session.heart(person),
    });
    this.#subscriptions = [
      session.hearts.subscribe((output) => watch.guard(() => this.#book.take(output))),
      session.outputs
        .pipe(filter((output) => output.kind === "state"))
        .subscribe((change) => watch.guard(() => this.#book.change(change))),
    ];
  }

  /** Says what is new; nothing where there are neither hearts nor two voices. */
  tell(): void {
    for (const { person } of this.#session.settings?.hearts?.people ?? []) this.#book.addPerson(person.id);
    const hearts = this.#book.increment();
    if (hearts !== undefined) this.#pages.next(hearts);
  }

  /** Everything, for a page that comes. */
  whole(): readonly Hearts[] {
    const hearts = this.#book.whole();
    return hearts === undefined ? [] : [hearts];
  }

  close(): void {
    for (const subscription of this.#subscriptions) subscription.unsubscribe();
  }
}

const adultsFirst = (people: LiveSession["loaded"]["file"]["people"]): string[] =>
  [...people].sort((a, b) => Number(b.role === "adult") - Number(a.role === "adult")).map(({ id }) => id);
