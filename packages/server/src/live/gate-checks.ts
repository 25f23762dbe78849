import { type Check, type LiveSession, preflight } from "@attune/live";
import type { Checks } from "@attune/wire/page";
import type { Taps } from "./taps.ts";

export interface GateChecksOptions {
  readonly session: LiveSession;
  readonly taps: Taps;
  /** False where nothing is recorded. */
  readonly record: boolean;
  readonly tell: (document: Checks) => void;
}

/** The start gate: looks again and again at everything that must be right before a session begins. */
export class GateChecks {
  readonly #options: GateChecksOptions;
  #newest: readonly Check[] | undefined;
  #isLooking = false;
  #nLooks = 0;

  constructor(options: GateChecksOptions) {
    this.#options = options;
  }

  /** What was found last; undefined before the first look, and when the session has begun. */
  get newest(): Checks | undefined {
    const { session, taps } = this.#options;
    if (this.#newest === undefined || session.stage !== "monitoring") return undefined;
    return {
      kind: "checks",
      at: session.now(),
      checks: this.#newest.map((check) => ({ ...check })),
      taps: [...taps.all],
    };
  }

  /** Looks, and says what it found. Never rejects; looks that are slow do not pile up. */
  async look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      await this.run();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#options.session.say("warning", "checks", message);
    } finally {
      this.#isLooking = false;
    }
  }

  /** Looks now and hands over what it found. */
  async run(): Promise<readonly Check[]> {
    const { session, record } = this.#options;
    const look = ++this.#nLooks;
    const found = await preflight(session, { record });
    // A look that began earlier and took longer is not the newest.
    if (look === this.#nLooks) this.#newest = found;
    this.tellAgain();
    return found;
  }

  /** Nothing was looked at anew, but somebody was tapped. */
  tellAgain(): void {
    const document = this.newest;
    if (document !== undefined) this.#options.tell(document);
  }
}
