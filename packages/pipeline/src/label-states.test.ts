import type { LabelledWindow, StateChange, Window } from "@attune/signal";
import fc from "fast-check";
import { EMPTY, filter, from, NEVER, of, Subject } from "rxjs";
import { describe, expect, test } from "vitest";
import { stateChange, valuesOf, windowOf } from "./example-data.test-support.ts";
import { ALL, labelStates } from "./label-states.ts";
import type { StateSettings } from "./settings.ts";

const settings: StateSettings = {
  person: "adult",
  layer: "gaze",
  guardSeconds: 0.3,
  bridgeSeconds: 0.1,
  require: [],
  latencySeconds: 0,
};
/** Windows of a second, one after the other from time 0. */
const seconds = (count: number): Window[] =>
  Array.from({ length: count }, (_, index) => windowOf([new Float64Array(200)], { index }));
const label = (changes: StateChange[], windows: Window[], given: StateSettings | undefined = settings) =>
  valuesOf(from(windows).pipe(labelStates(from(changes), given)));
const conditions = (labelled: LabelledWindow[]) =>
  labelled.map((each) =>
    each.kind === "accepted" ? each.condition : each.reasons.map(({ reason }) => reason).join("+"),
  );

describe("labelStates", () => {
  test("a window belongs to the state that held throughout it", () => {
    const out = label([stateChange(-5, "direct"), stateChange(3, "averted")], seconds(6));
    expect(conditions(out)).toEqual(["direct", "direct", "direct", "state-switch", "averted", "averted"]);
  });

  test("the guard after a switch keeps its transient out, the time before a switch is used to the last sample", () => {
    const changes = [stateChange(-5, "direct"), stateChange(2, "averted")];
    expect(conditions(label(changes, seconds(4)))).toEqual(["direct", "direct", "state-switch", "averted"]);
    const unguarded = { ...settings, guardSeconds: 0 };
    expect(conditions(label(changes, seconds(4), unguarded))).toEqual([
      "direct",
      "direct",
      "averted",
      "averted",
    ]);
  });

  test("windows of one unbroken state share an episode, and a return to it is another one", () => {
    const changes = [stateChange(-1, "direct"), stateChange(1.9, "averted"), stateChange(3.5, "direct")];
    const out = label(changes, seconds(7));
    const episodes = out.map((each) =>
      each.kind === "accepted" ? `${each.condition} ${each.episode}` : "-",
    );
    expect(episodes).toEqual(["direct 0", "-", "-", "-", "direct 2", "direct 2", "direct 2"]);
  });

  test("unknown rejects and is never taken for away", () => {
    const away = { ...settings, require: [{ person: "infant", layer: "gaze", states: ["away"] }] };
    const changes = [
      stateChange(-5, "direct"),
      stateChange(-5, "unknown", "infant"),
      stateChange(2, "away", "infant"),
    ];
    expect(conditions(label(changes, seconds(3), away))).toEqual([
      "state-unknown",
      "state-unknown",
      "direct",
    ]);
  });

  test("a blink of the tracker is bridged", () => {
    const changes = [stateChange(-5, "direct"), stateChange(1.5, "unknown"), stateChange(1.55, "direct")];
    expect(conditions(label(changes, seconds(3)))).toEqual(["direct", "direct", "direct"]);
  });

  test("a requirement must hold throughout the window, and whose it was is said", () => {
    const looking = {
      ...settings,
      require: [{ person: "infant", layer: "gaze", states: ["partner", "object"] }],
    };
    const changes = [
      stateChange(-5, "direct"),
      stateChange(-5, "partner", "infant"),
      stateChange(1, "object", "infant"),
      stateChange(2.5, "partner", "infant"),
      stateChange(4, "away", "infant"),
    ];
    const out = label(changes, seconds(6), looking);
    expect(conditions(out)).toEqual([
      "direct",
      "direct",
      "requirement",
      "direct",
      "requirement",
      "requirement",
    ]);
    expect(out[4]).toMatchObject({
      condition: "direct",
      reasons: [{ person: "infant", reason: "requirement" }],
    });
  });

  test("rejected windows keep the reasons they came with, and their condition where there was one", () => {
    const [first, second] = seconds(2) as [Window, Window];
    const problems = [{ person: "infant", reason: "amplitude" as const }];
    const changes = [stateChange(-5, "direct"), stateChange(1.5, "averted")];
    const out = label(changes, [
      { ...first, problems },
      { ...second, problems },
    ]);
    expect(out[0]).toMatchObject({ kind: "rejected", condition: "direct", reasons: problems });
    expect(out[1]).toMatchObject({
      kind: "rejected",
      condition: undefined,
      reasons: [...problems, { person: "adult", reason: "state-switch" }],
    });
  });

  test("states coded after a window's end do not change it", () => {
    const before = [stateChange(-5, "direct")];
    const after = [stateChange(2, "averted"), stateChange(2.5, "unknown")];
    expect(label([...before, ...after], seconds(2))).toEqual(label(before, seconds(2)));
  });

  test("where nothing was coded there is one condition", () => {
    const [first, second] = seconds(2) as [Window, Window];
    const broken = { ...second, problems: [{ person: "adult", reason: "gap" as const }] };
    const out = valuesOf(of(first, broken).pipe(labelStates(EMPTY, undefined)));
    expect(out[0]).toEqual({ kind: "accepted", window: first, condition: ALL, episode: 0 });
    expect(out[1]).toMatchObject({ kind: "rejected", condition: ALL, reasons: broken.problems });
  });

  test("with a latency a window waits until changes coded that late are known, and no longer", () => {
    const late = { ...settings, latencySeconds: 0.5, guardSeconds: 0 };
    const changes = new Subject<StateChange>();
    const windows = new Subject<Window>();
    const out: LabelledWindow[] = [];
    windows.pipe(labelStates(changes, late)).subscribe((each) => out.push(each));
    const [a, b, c] = seconds(3) as [Window, Window, Window];
    changes.next(stateChange(-1, "direct"));
    windows.next(a);
    expect(out).toHaveLength(0);
    changes.next(stateChange(1.2, "averted"));
    windows.next(b);
    expect(conditions(out)).toEqual(["state-switch"]);
    windows.next(c);
    windows.complete();
    expect(conditions(out)).toEqual(["state-switch", "averted", "averted"]);
  });

  test("labels go on while states are still awaited", () => {
    const out: LabelledWindow[] = [];
    let completed = false;
    from(seconds(2))
      .pipe(labelStates(NEVER, undefined))
      .subscribe({ next: (each) => out.push(each), complete: () => (completed = true) });
    expect(out).toHaveLength(2);
    expect(completed).toBe(false);
  });

  test("however early changes arrive, and however windows are bunched, the labels are the same", () => {
    const looking = {
      ...settings,
      latencySeconds: 0.2,
      require: [{ person: "infant", layer: "gaze", states: ["partner"] }],
    };
    const script = fc.array(
      fc.record({
        wait: fc.integer({ min: 1, max: 60 }),
        person: fc.constantFrom("adult", "infant"),
        state: fc.constantFrom("partner", "direct", "unknown"),
      }),
      { maxLength: 15 },
    );
    fc.assert(
      fc.property(script, fc.array(fc.nat(40), { maxLength: 30 }), (entries, earliness) => {
        let at = -1;
        const changes = entries.map(({ wait, person, state }) => {
          at += wait / 20;
          return stateChange(at, state, person);
        });
        const windows = seconds(8);
        // A window comes when its end is past; a change when it happens, or earlier.
        let clock = Number.NEGATIVE_INFINITY;
        const timed = [
          ...changes.map((change, i) => {
            clock = Math.max(clock, change.at - (earliness[i] ?? 0) / 10);
            return { time: clock, item: change };
          }),
          ...windows.map((window) => ({ time: window.start + 1 + 1e-9, item: window })),
        ].sort((a, b) => a.time - b.time);
        const input = new Subject<StateChange | Window>();
        const out: LabelledWindow[] = [];
        const isChange = (item: StateChange | Window): item is StateChange => item.kind === "state";
        input
          .pipe(
            filter((item): item is Window => !isChange(item)),
            labelStates(input.pipe(filter(isChange)), looking),
          )
          .subscribe((each) => out.push(each));
        for (const { item } of timed) input.next(item);
        input.complete();
        expect(out).toEqual(label(changes, windows, looking));
      }),
    );
  });
});
