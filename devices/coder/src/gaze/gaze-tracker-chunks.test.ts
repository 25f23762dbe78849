import type { StateChange } from "@attune/signal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GazeArea } from "./areas.ts";
import { cut, make, type Place, pushAll, RATE, run, said, samplesOf } from "./gaze.test-support.ts";

describe("moving areas", () => {
  const moving: GazeArea = { name: "face", state: "partner", shape: { kind: "moving" } };
  const box = { x: 0.4, y: 0.4, width: 0.2, height: 0.2 };

  test("the box that held at the moment of the sample counts", () => {
    const tracker = make({ areas: [moving] });
    const changes = tracker.pushBox("face", box, -0.01);
    const gaze = samplesOf([["face", 80]]);
    for (let k = 0; k < 80; k += 4) {
      changes.push(...tracker.push(...cut(gaze, k, k + 4)));
      changes.push(...tracker.pushBox("face", k < 40 ? box : { ...box, x: 0.7 }, (k + 3) / RATE));
    }
    expect(said(changes)).toEqual(["0.000 unknown", "0.100 partner", "0.630 away"]);
  });

  test("no face in view means not on the face; no word of the detector means unknown", () => {
    const nowhere = make({ areas: [moving] });
    const seen: StateChange[] = [];
    for (let k = 0; k < 60; k += 5) {
      seen.push(...nowhere.pushBox("face", undefined, k / RATE));
      seen.push(...nowhere.push(...cut(samplesOf([["face", 60]]), k, k + 5)));
    }
    seen.push(...nowhere.pushBox("face", undefined, 0.6));
    expect(said(seen)).toEqual(["0.000 unknown", "0.100 away"]);
    expect(run([["face", 60]], { areas: [moving] })).toEqual(["0.000 unknown"]);
    expect(() => make().pushBox("face", box, 0)).toThrow(/not a moving area/);
  });

  test("while gaze and boxes keep within the waiting time of each other, their order of arrival does not matter", () => {
    const place = fc.tuple(fc.constantFrom<Place>("face", "out", "lost"), fc.integer({ min: 1, max: 30 }));
    const shift = fc.constantFrom(undefined, 0, 0.3);
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 8 }),
        fc.array(shift, { minLength: 60, maxLength: 60 }),
        fc.array(fc.boolean(), { minLength: 400, maxLength: 400 }),
        (script, shifts, choices) => {
          const gaze = samplesOf(script);
          const boxes = Array.from({ length: Math.ceil(gaze.n / 3) + 5 }, (_, i) => ({
            at: (3 * i) / RATE - 0.005,
            value: shifts[i % 60] === undefined ? undefined : { ...box, x: box.x + shifts[i % 60]! },
          }));
          const play = (gazeFirst: (step: number) => boolean): string[] => {
            const tracker = make({ areas: [moving] });
            const out: StateChange[] = [];
            let g = 0;
            let b = 0;
            for (let step = 0; g < gaze.n || b < boxes.length; step++) {
              const gazeAt = g < gaze.n ? gaze.times[g]! : Number.POSITIVE_INFINITY;
              const boxAt = b < boxes.length ? boxes[b]!.at : Number.POSITIVE_INFINITY;
              const lead = gazeAt - boxAt;
              const takeGaze = Math.abs(lead) < 0.06 ? gazeFirst(step) : lead < 0;
              if (takeGaze && g < gaze.n) {
                out.push(...tracker.push(...cut(gaze, g, g + 1)));
                g++;
              } else if (b < boxes.length) {
                out.push(...tracker.pushBox("face", boxes[b]!.value, boxes[b]!.at));
                b++;
              }
            }
            return said(out);
          };
          const inOrder = play(() => false);
          expect(play((step) => choices[step % 400]!)).toEqual(inOrder);
          expect(play(() => true)).toEqual(inOrder);
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe("chunks", () => {
  const place = fc.tuple(
    fc.constantFrom<Place>("face", "toy", "out", "lost", "unsure"),
    fc.integer({ min: 1, max: 40 }),
  );

  test("any cutting of the stream, and asking in between, gives the same changes", () => {
    fc.assert(
      fc.property(
        fc.array(place, { minLength: 1, maxLength: 15 }),
        fc.array(fc.nat(600), { maxLength: 20 }),
        fc.boolean(),
        (script, cuts, asks) => {
          const samples = samplesOf(script);
          const whole = make();
          const expected = [...pushAll(whole, samples), ...whole.advance(100)];
          const tracker = make();
          const borders = [0, ...cuts.map((c) => c % (samples.n + 1)), samples.n].sort((a, b) => a - b);
          const got: StateChange[] = [];
          borders.slice(1).forEach((end, i) => {
            got.push(...tracker.push(...cut(samples, borders[i]!, end)));
            if (asks && end > 0) got.push(...tracker.advance(samples.times[end - 1]!));
          });
          got.push(...tracker.advance(100));
          expect(got).toEqual(expected);
          for (let i = 1; i < got.length; i++) {
            expect(got[i]!.at).toBeGreaterThanOrEqual(got[i - 1]!.at);
            expect(got[i]!.state).not.toBe(got[i - 1]!.state);
          }
        },
      ),
      { numRuns: 400 },
    );
  });

  test("it is causal: what comes later never changes what was said", () => {
    fc.assert(
      fc.property(fc.array(place, { minLength: 2, maxLength: 12 }), fc.nat(400), (script, at) => {
        const samples = samplesOf(script);
        const until = at % (samples.n + 1);
        const early = make().push(...cut(samples, 0, until));
        const all = pushAll(make(), samples);
        expect(all.slice(0, early.length)).toEqual(early);
      }),
      { numRuns: 200 },
    );
  });
});
