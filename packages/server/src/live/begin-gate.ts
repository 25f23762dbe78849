import type { LiveSession } from "@attune/live";
import type { Seconds } from "@attune/signal";
import type { Summary } from "@attune/wire/page";
import type { Answer } from "../page-source.ts";
import type { GateChecks } from "./gate-checks.ts";
import type { Taps } from "./taps.ts";

type Override = Summary["overrides"][number];
type Need = Pick<Override, "check" | "about"> & { readonly message: string };

export interface BeginGateParts {
  readonly session: LiveSession;
  readonly taps: Taps;
  readonly checks: GateChecks;
  readonly begin: () => Promise<void>;
}

/** What turned red between the page's last look and the press may be over in a moment: it is looked at again so often ... */
const MOST_LOOKS = 4;
/** ... with so much time between. */
const LOOK_AGAIN_SECONDS = 1;
/** Pages wait 15 s for an answer: both together stay below it. */
const CHECKS_SECONDS = 6;
const BEGIN_SECONDS = 8;

/**
 * The way through the start gate. However it goes, it ends in a session that runs or in one sentence why not, which stands in the log
 * too: a page whose answer got lost with its connection finds it there.
 */
export class BeginGate {
  readonly #parts: BeginGateParts;
  readonly #onOverride: (override: Override) => void;
  #isBeginning = false;

  constructor(parts: BeginGateParts, onOverride: (override: Override) => void) {
    this.#parts = parts;
    this.#onOverride = onOverride;
  }

  async begin(given: readonly Override[]): Promise<Answer> {
    const { session } = this.#parts;
    if (session.stage === "idle") return { ok: false, message: connecting(session) };
    if (session.stage !== "monitoring") return { ok: false, message: "the session has begun already" };
    if (this.#isBeginning || session.beginning !== undefined)
      return { ok: false, message: beginning(session) };
    this.#isBeginning = true;
    try {
      const needs = await inTime(session, CHECKS_SECONDS, this.#look(given));
      if (needs === LATE)
        return this.#refuse(
          `the checks did not come to an end: see that the disk of ${session.loaded.recordingFolder} answers`,
        );
      const open = needs.filter((need) => reasonFor(need, given) === undefined);
      if (open.length > 0)
        return this.#refuse(
          `not yet: ${open.map(wordsOf).join(", ")} ${open.length === 1 ? "needs" : "need"} to be put right, or a reason`,
        );
      const overrides = needs.flatMap((need) => reasonFor(need, given) ?? []);
      const begun = this.#parts.begin().then(() => this.#enter(overrides));
      if ((await inTime(session, BEGIN_SECONDS, begun)) !== LATE)
        return { ok: true, message: session.recording === undefined ? "begun, NOT RECORDING" : "recording" };
      this.#follow(begun);
      return { ok: true, message: beginning(session) };
    } catch (error) {
      return this.#refuse(messageOf(error));
    } finally {
      // Where it is still under way the session itself says so.
      this.#isBeginning = false;
    }
  }

  /** It takes long and goes on; whatever comes of it is told where everybody looks. */
  #follow(begun: Promise<void>): void {
    begun.catch((error: unknown) =>
      this.#parts.session.say("alarm", "begin", `not begun: ${messageOf(error)}`),
    );
  }

  #refuse(message: string): Answer {
    this.#parts.session.say("warning", "begin", message);
    return { ok: false, message };
  }

  /** What is red, and who was not tapped. A stream that hiccups at the moment of the press does not lose it. */
  async #look(given: readonly Override[]): Promise<Need[]> {
    const { checks, taps, session } = this.#parts;
    const shown = checks.newest?.checks;
    for (let n = 1; ; n++) {
      const reds = (await checks.run()).filter(({ verdict }) => verdict === "red");
      const untouched = taps.unconfirmed.map((about) => ({ check: "tap", about, message: NOT_TAPPED }));
      const needs: Need[] = [...reds, ...untouched];
      const open = needs.filter((need) => reasonFor(need, given) === undefined);
      const isNew = (need: Need): boolean =>
        shown !== undefined && shown.find((each) => isAbout(each, need))?.verdict !== "red";
      if (n === MOST_LOOKS || open.length === 0 || !open.every((need) => need.check !== "tap" && isNew(need)))
        return needs;
      await new Promise<void>((resolve) => {
        session.after(LOOK_AGAIN_SECONDS, resolve);
      });
    }
  }

  #enter(overrides: readonly Override[]): void {
    for (const override of overrides) {
      const { check, about, reason } = override;
      this.#onOverride(override);
      this.#parts.session.enterEvent(`override ${check} ${about}: ${reason}`, "page");
    }
  }
}

const NOT_TAPPED = "no tap was seen";
const LATE = Symbol("late");

const isAbout = (one: Pick<Override, "check" | "about">, other: Pick<Override, "check" | "about">): boolean =>
  one.check === other.check && one.about === other.about;

const reasonFor = (need: Need, given: readonly Override[]): Override | undefined =>
  given.find((each) => isAbout(each, need));

const wordsOf = ({ check, about, message }: Need): string =>
  check === "tap" ? `${check} ${about}` : `${check} ${about} (${message})`;

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const beginning = ({ beginning: doing }: LiveSession): string =>
  `the session is beginning${doing === undefined ? "" : `: ${doing}`}; it goes on by itself`;

/** Which devices it waits for. */
function connecting({ devices }: LiveSession): string {
  const waiting = devices.filter(
    ({ lifecycle, failure }) => failure === undefined && lifecycle !== "streaming" && lifecycle !== "stalled",
  );
  const names = waiting.map(({ id, lifecycle }) => `${id} (${lifecycle})`).join(", ");
  return `devices are still being connected${names === "" ? "" : `: ${names}`}`;
}

/** What comes of it, or `LATE` when the session's clock has gone on for so long. */
async function inTime<Value>(
  session: LiveSession,
  seconds: Seconds,
  work: Promise<Value>,
): Promise<Value | typeof LATE> {
  let timer: { cancel(): void } | undefined;
  const late = new Promise<typeof LATE>((resolve) => {
    timer = session.after(seconds, () => resolve(LATE));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    timer?.cancel();
  }
}
