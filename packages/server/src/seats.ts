import type { PageCommand, Seat } from "@attune/wire/page";
import type { PageConnection } from "./page-connection.ts";

/** What everybody may ask, because it changes nothing for anybody else. */
const harmless: ReadonlySet<PageCommand["do"]> = new Set(["ping", "watch", "traces", "take-seat", "timing"]);
/** What a second coder may ask beside that: it goes into a track of its own. */
const coding: ReadonlySet<PageCommand["do"]> = new Set([
  "key-down",
  "key-up",
  "blur",
  "state",
  "correct",
  "undo",
]);

/** Whether a page in this seat may ask for this. */
export const mayAsk = (seat: Seat, what: PageCommand["do"]): boolean =>
  seat === "writer" || harmless.has(what) || (seat === "second-coder" && coding.has(what));

const MOST_RESERVED = 100;

/** Who sits where. One page writes, one may code beside it, everybody else looks. */
export class Seats {
  readonly #connections = new Set<PageConnection>();
  /** Who sat where under which name, for pages that come back. */
  readonly #reserved = new Map<string, { readonly seat: Seat; readonly coder: string }>();

  get all(): ReadonlySet<PageConnection> {
    return this.#connections;
  }

  get writer(): PageConnection | undefined {
    return this.#in("writer");
  }

  /** Whoever comes first writes; a page that was here sits where it sat, unless somebody took that seat. */
  enter(connection: PageConnection): void {
    const before = connection.page === undefined ? undefined : this.#reserved.get(connection.page);
    this.#connections.add(connection);
    if (connection.rights !== "all") return;
    if (before !== undefined && before.seat !== "writer" && this.#in(before.seat) === undefined) {
      connection.seat = before.seat;
      connection.coder = before.coder;
    } else if (this.writer === undefined && before?.seat !== "observer") connection.seat = "writer";
  }

  /** The page with the same name that was here before, whose seat and place it takes. */
  sameAs({ page }: { readonly page: string | undefined }): PageConnection | undefined {
    return page === undefined ? undefined : [...this.#connections].find((each) => each.page === page);
  }

  leave(connection: PageConnection): void {
    this.#connections.delete(connection);
    const { page, seat, coder } = connection;
    if (page === undefined) return;
    this.#reserved.delete(page);
    this.#reserved.set(page, { seat, coder });
    if (this.#reserved.size > MOST_RESERVED) this.#reserved.delete([...this.#reserved.keys()][0]!);
  }

  /** @returns the page that sat there and is an observer now, if there was one */
  take(connection: PageConnection, seat: Seat): PageConnection | undefined {
    const former = seat === "observer" ? undefined : this.#in(seat);
    if (former === connection) return undefined;
    if (former !== undefined) former.seat = "observer";
    connection.seat = seat;
    return former;
  }

  #in(seat: Seat): PageConnection | undefined {
    return [...this.#connections].find((each) => each.seat === seat);
  }
}
