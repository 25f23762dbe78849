import { computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { AlarmCourse } from "../alarms/alarm-course.ts";
import { AlarmSound } from "../alarms/alarm-sound.ts";
import { type Alarm, presentAlarms } from "../alarms/present-alarms.ts";
import { type Bound, boundShortcuts } from "../keys/shortcuts.ts";
import { store, stored } from "../parts/stored.ts";
import type { PageSession } from "../session/page-session.ts";
import { type SessionState, sessionState } from "../state-bar/session-state.ts";
import { sessionZero } from "../traces/session-zero.ts";

export type Tab =
  | "start"
  | "coupling"
  | "hearts"
  | "heads"
  | "streams"
  | "log"
  | "notes"
  | "coding"
  | "summary";
export type OpenDialog = "help" | "quit" | "seat" | "sound";
export type Theme = "dark" | "light";

/** What this page shows of the session, and how: nobody else's business. */
export class PageModel {
  readonly session: PageSession;
  readonly sound = new AlarmSound();
  readonly dialog: Signal<OpenDialog | undefined> = signal(undefined);
  readonly isPrivate = signal(false);
  readonly theme: Signal<Theme>;
  readonly isSideOpen = signal(stored("side") !== "closed");
  readonly #course = new AlarmCourse();
  /** Undefined until somebody chose: a replay shows it, a session has no room to spare. */
  readonly #timelineChoice: Signal<boolean | undefined> = signal(undefined);
  readonly isTimelineOpen: ReadonlySignal<boolean>;
  readonly chosenTab: Signal<Tab | undefined> = signal(undefined);
  readonly seen: Signal<ReadonlySet<string>> = signal(new Set<string>());
  readonly state: ReadonlySignal<SessionState>;
  /** Session time that is shown as 0:00. */
  readonly zero: ReadonlySignal<number>;
  readonly tabs: ReadonlySignal<readonly Tab[]>;
  readonly tab: ReadonlySignal<Tab>;
  readonly shortcuts: ReadonlySignal<readonly Bound[]>;
  readonly codingKeys: ReadonlySignal<ReadonlySet<string>>;
  readonly alarms: ReadonlySignal<readonly Alarm[]>;
  readonly isWriter: ReadonlySignal<boolean>;
  readonly mayCode: ReadonlySignal<boolean>;
  /** True where the server gives this page no other seat, and refuses it what only a seat may see. */
  readonly mayOnlyLook: boolean;
  /** Why red checks are overridden, by check; typed before the session begins. */
  readonly reasons: Signal<ReadonlyMap<string, string>> = signal(new Map<string, string>());
  /** Why people were confirmed without a tap, by person, for as long as the session does not tell it itself. */
  readonly untapped: Signal<ReadonlyMap<string, string>> = signal(new Map<string, string>());
  /** What the server said when it refused to begin; empty after the next press. */
  readonly beginRefusal = signal("");
  /** Whether a note field was asked for with a key: it takes the focus when it is there. */
  readonly wantsNote = signal(false);

  /** @param path of this page's address */
  constructor(session: PageSession, path = "/") {
    this.session = session;

    const { hello, standing, connection } = session;
    this.theme = signal(stored("theme") === "light" ? "light" : "dark");
    this.state = computed(() =>
      sessionState(
        session.lossReason.value === "over" && connection.value === "lost" ? "open" : connection.value,
        hello.value,
        standing.value,
        session.silentSeconds.value,
      ),
    );
    this.zero = computed(() => sessionZero(session));
    const isReplay = computed(() => hello.value?.mode === "replay");
    this.isTimelineOpen = computed(() => this.#timelineChoice.value ?? isReplay.value);
    const stage = computed(() => standing.value?.stage);
    this.isWriter = computed(() => hello.value?.seat === "writer");
    this.mayOnlyLook = /(^|\/)observer\//.test(path);
    this.mayCode = computed(
      () =>
        connection.value === "open" &&
        (hello.value?.seat === "writer" || hello.value?.seat === "second-coder") &&
        (isReplay.value || stage.value === "running"),
    );
    const hasHearts = computed(
      () =>
        session.hearts.value !== undefined ||
        hello.value?.streams.some(({ channels }) => channels.some((each) => each.signal === "ecg")) === true,
    );
    this.tabs = computed(() => {
      const first: Tab[] = isReplay.value
        ? []
        : stage.value === "idle" || stage.value === "monitoring"
          ? ["start"]
          : [];
      const last: Tab[] = first.length === 0 ? ["coding"] : [];
      const hearts: Tab[] = hasHearts.value ? ["hearts"] : [];
      if (this.mayOnlyLook) return ["coupling", ...hearts, "heads", "streams"];
      return [...first, "coupling", ...hearts, "heads", "streams", "log", "notes", ...last];
    });
    this.tab = computed(() => {
      const chosen = this.chosenTab.value;
      return chosen !== undefined && this.tabs.value.includes(chosen) ? chosen : this.tabs.value[0]!;
    });
    this.shortcuts = computed(() => (hello.value === undefined ? [] : boundShortcuts(hello.value)));
    this.codingKeys = computed(
      () =>
        new Set(
          hello.value?.coding.layers.flatMap(({ states }) =>
            states.map(({ key }) => (key.length === 1 ? key.toLowerCase() : key)),
          ),
        ),
    );
    this.alarms = computed(() => {
      if (hello.value === undefined || standing.value === undefined || connection.value === "lost") return [];
      const seen = this.seen.value;
      const { at } = standing.value;
      return this.#course
        .follow(presentAlarms(hello.value, standing.value, [...session.log.value]), at)
        .filter(({ id, isPast }) => !isPast || !seen.has(id));
    });
  }

  keyOf(shortcut: Bound["shortcut"]): string | undefined {
    return this.shortcuts.value.find((each) => each.shortcut === shortcut)?.key;
  }

  switchTheme(): void {
    this.theme.value = this.theme.value === "dark" ? "light" : "dark";
    store("theme", this.theme.value);
  }

  switchSide(): void {
    this.isSideOpen.value = !this.isSideOpen.value;
    store("side", this.isSideOpen.value ? undefined : "closed");
  }

  switchTimeline(): void {
    this.#timelineChoice.value = !this.isTimelineOpen.value;
  }

  show(tab: Tab): void {
    this.chosenTab.value = tab;
    if (!this.isSideOpen.value) this.switchSide();
  }

  giveReason(check: string, reason: string): void {
    this.reasons.value = new Map(this.reasons.value).set(check, reason);
  }

  markSeen(...ids: readonly string[]): void {
    this.seen.value = new Set([...this.seen.value, ...ids]);
  }
}
