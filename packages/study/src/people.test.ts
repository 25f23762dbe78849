import type { Channel, Stream } from "@attune/signal";
import { describe, expect, test } from "vitest";
import { StudyError } from "./errors.ts";
import { type PersonRequest, resolvePeople } from "./people.ts";
import { profileNamed } from "./profiles.ts";
import type { StudySettings } from "./settings.ts";

const { settings } = profileNamed("recommended");
const average: StudySettings = { ...settings, reference: "average" };
const dyad: PersonRequest[] = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
];

const channelsOf = (labels: readonly string[], unit = "uV"): Channel[] =>
  labels.map((label) => ({ label, unit }));

const stream = (name: string, labels: readonly string[], rest: Partial<Stream> = {}): Stream => ({
  id: `id of ${name}`,
  name,
  type: "EEG",
  channels: channelsOf(labels),
  nominalSamplingRate: 250,
  ...rest,
});

const labelsOf = (montages: ReturnType<typeof resolvePeople>) =>
  montages.map(({ channels }) => channels.map(({ label }) => label));

/** The sentence of the error; fails when there is none. */
function complaint(
  streams: readonly Stream[],
  requests: readonly PersonRequest[] = dyad,
  used = settings,
): string {
  try {
    resolvePeople(streams, requests, used);
  } catch (error) {
    expect(error).toBeInstanceOf(StudyError);
    return (error as Error).message;
  }
  throw new Error("nothing was refused");
}

const mother = stream("Mother", ["C3", "C4"]);
const baby = stream("Baby", ["C3", "C4"]);

describe("whose stream is whose", () => {
  test("a stream that says whose it is needs no hint", () => {
    const streams = [
      stream("A", ["C3", "C4"], { person: "infant" }),
      stream("B", ["C3", "C4"], { person: "adult" }),
    ];
    expect(resolvePeople(streams, dyad, settings).map(({ streamId }) => streamId)).toEqual([
      "id of B",
      "id of A",
    ]);
  });

  test.each([
    ["Mother", "Baby"],
    ["caregiver-amp", "newborn-amp"],
    ["DAD", "toddler"],
  ])("roles are read from the names %s and %s, in any order of the streams", (adult, infant) => {
    const streams = [stream(infant, ["C3", "C4"]), stream(adult, ["C3", "C4"])];
    expect(resolvePeople(streams, dyad, settings).map(({ streamId }) => streamId)).toEqual([
      `id of ${adult}`,
      `id of ${infant}`,
    ]);
  });

  test("a stream may be asked for by its name or its id", () => {
    const streams = [stream("one", ["C3", "C4"]), stream("two", ["C3", "C4"])];
    const requests: PersonRequest[] = [
      { id: "adult", role: "adult", stream: "two" },
      { id: "infant", role: "infant", stream: "id of one" },
    ];
    expect(resolvePeople(streams, requests, settings).map(({ streamId }) => streamId)).toEqual([
      "id of two",
      "id of one",
    ]);
  });

  test("streams that are not EEG are passed over where there is EEG", () => {
    const streams = [stream("Mother heart", ["ECG"], { type: "ECG" }), mother, baby];
    expect(resolvePeople(streams, dyad, settings)[0]!.streamId).toBe("id of Mother");
  });

  test("streams without a rate or without channels are nothing to couple", () => {
    expect(complaint([stream("Mother markers", ["m"], { nominalSamplingRate: 0 }), stream("Baby", [])])).toBe(
      "The recording has no stream with a sampling rate, so there is nothing to couple.",
    );
  });

  test("that there is nothing to couple is not a misuse", () => {
    expect(() => resolvePeople([], dyad, settings)).toThrow(expect.objectContaining({ misuse: false }));
  });

  test("an unknown stream is refused with those that exist", () => {
    const requests: PersonRequest[] = [{ id: "adult", role: "adult", stream: "Mum" }];
    expect(complaint([mother, baby], requests)).toBe(
      'The recording has no stream "Mum" for adult: it has "Mother", "Baby".',
    );
  });

  test("one name of two streams is refused with their ids", () => {
    const twin = { ...mother, id: "second" };
    expect(complaint([mother, twin], [{ id: "adult", role: "adult", stream: "Mother" }])).toBe(
      `Several streams are called "Mother": name adult's by its id (id of Mother, second).`,
    );
  });

  test("names that say nothing are refused, not guessed", () => {
    expect(complaint([stream("amp 1", ["C3", "C4"]), stream("amp 2", ["C3", "C4"])])).toBe(
      `The recording does not say which stream is the adult's: give --adult-stream and --infant-stream (it has "amp 1", "amp 2").`,
    );
  });

  test("a child's stream is not guessed from an infant's name", () => {
    expect(complaint([mother, baby], [{ id: "child", role: "child" }])).toMatch(
      /^The recording does not say which stream is the child's/,
    );
  });
});

describe("one stream with two people's channels", () => {
  const both = stream("headbox", ["A1", "A2", "B1", "B2"]);
  const split: PersonRequest[] = [
    { id: "adult", role: "adult", channels: ["A1", "A2"] },
    { id: "infant", role: "infant", channels: ["B1", "B2"] },
  ];

  test("is shared out by the channels that are named, with their rows", () => {
    const montages = resolvePeople([both], split, settings);
    expect(montages.map(({ streamId }) => streamId)).toEqual(["id of headbox", "id of headbox"]);
    expect(montages[1]!.channels).toEqual([
      { label: "B1", row: 2 },
      { label: "B2", row: 3 },
    ]);
  });

  test("asks for the channels when they are not named", () => {
    expect(complaint([both])).toBe(
      'All channels are in one stream ("headbox"): say which are whose with --adult A,B --infant C,D (it has A1, A2, B1, B2).',
    );
  });

  test("may not give one channel to both", () => {
    const requests = [split[0]!, { ...split[1]!, channels: ["B1", "A2"] }];
    expect(complaint([both], requests)).toBe(
      "Channel A2 is given to both adult and infant: a channel belongs to one person.",
    );
  });

  test("has no average that would not mix the heads", () => {
    expect(complaint([both], split, average)).toBe(
      'adult and infant share the stream "headbox", whose average would mix their heads: use --reference as-recorded.',
    );
  });
});

describe("which channels", () => {
  test("the profile's preferred sites in the profile's order, whatever their case", () => {
    const wide = ["Fz", "c4", "Pz", "c3", "Oz"];
    const montages = resolvePeople([stream("Mother", wide), stream("Baby", wide)], dyad, settings);
    expect(labelsOf(montages)).toEqual([
      ["c3", "c4"],
      ["c3", "c4"],
    ]);
    expect(montages[0]!.channels.map(({ row }) => row)).toEqual([3, 1]);
  });

  test("all of them where there are four or fewer", () => {
    const streams = [stream("Mother", ["E1", "E2", "E3", "E4"]), stream("Baby", ["E1"])];
    expect(labelsOf(resolvePeople(streams, dyad, settings))).toEqual([["E1", "E2", "E3", "E4"], ["E1"]]);
  });

  test("more than four without the sites ask for a choice", () => {
    const five = stream("Mother", ["E1", "E2", "E3", "E4", "C3"]);
    expect(complaint([five, baby])).toBe(
      `"Mother" lacks the profile's sites (C3, C4): choose adult's channels with --adult A,B from E1, E2, E3, E4, C3.`,
    );
  });

  test("a long list of channels is cut at forty", () => {
    const labels = Array.from({ length: 64 }, (_, i) => `E${i + 1}`);
    expect(complaint([stream("Mother", labels), baby])).toMatch(/, E39, E40 and 24 more\.$/);
  });

  test("an exact label goes before one of another case", () => {
    const streams = [stream("Mother", ["cz", "Cz"]), baby];
    const requests = [{ ...dyad[0]!, channels: ["Cz"] }, dyad[1]!];
    expect(resolvePeople(streams, requests, settings)[0]!.channels).toEqual([{ label: "Cz", row: 1 }]);
  });

  test("an unknown channel is refused with those that exist", () => {
    const requests = [{ ...dyad[0]!, channels: ["C3", "T9"] }, dyad[1]!];
    expect(complaint([mother, baby], requests)).toBe(
      'There is no channel "T9" for adult: "Mother" has C3, C4.',
    );
  });

  test("a channel may be named once only", () => {
    const requests = [{ ...dyad[0]!, channels: ["C3", "C3"] }, dyad[1]!];
    expect(complaint([mother, baby], requests)).toBe("Channel C3 is named twice for adult.");
  });
});

describe("units", () => {
  test.each([
    ["uV", 1],
    ["\u00b5V", 1],
    ["\u03bcV", 1],
    ["microvolts", 1],
    ["", 1],
    ["mV", 1e3],
    [" millivolts ", 1e3],
    ["V", 1e6],
    ["Volts", 1e6],
    ["nV", 1e-3],
  ])("%j becomes microvolts by the factor %d", (unit, factor) => {
    const streams = [mother, stream("Baby", [], { channels: channelsOf(["C3", "C4"], unit) })];
    expect(resolvePeople(streams, dyad, settings).map(({ toMicrovolts }) => toMicrovolts)).toEqual([
      1,
      factor,
    ]);
  });

  test("channels of different units are refused, those that are not used may differ", () => {
    const channels = [...channelsOf(["C3"]), ...channelsOf(["C4", "ECG"], "mV")];
    const odd = stream("Baby", [], { channels });
    expect(complaint([mother, odd])).toBe(
      'Channels C3 (uV) and C4 (mV) of "Baby" have different units: choose channels of one unit, or use --reference as-recorded.',
    );
    const requests = [dyad[0]!, { ...dyad[1]!, channels: ["C4"] }];
    expect(resolvePeople([mother, odd], requests, settings)[1]!.toMicrovolts).toBe(1e3);
  });
});

describe("the average reference", () => {
  test("is taken over all channels of the person's stream", () => {
    const wide = ["Fz", "C3", "C4", "Pz"];
    const montages = resolvePeople([stream("Mother", wide), stream("Baby", wide)], dyad, average);
    expect(montages.map(({ averageRows }) => averageRows)).toEqual([
      [0, 1, 2, 3],
      [0, 1, 2, 3],
    ]);
    expect(resolvePeople([mother, baby], dyad, settings)[0]!.averageRows).toEqual([]);
  });

  test("of one channel is refused", () => {
    expect(complaint([stream("Mother", ["Cz"]), baby], dyad, average)).toBe(
      "adult has one channel only, whose average reference is zero: use --reference as-recorded.",
    );
  });

  test("of exactly the channels of the model is refused: they would add up to zero", () => {
    expect(complaint([mother, baby], dyad, average)).toBe(
      "The average reference makes adult's 2 channels add up to zero, and no model can be fitted to that: use --reference as-recorded, or take fewer of them.",
    );
  });
});
