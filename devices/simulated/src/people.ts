import { hashSeed, mulberry32, OptionError } from "@attune/core";
import type { Person, Stream } from "@attune/signal";
import {
  ADULT_GAZE,
  type AdultGaze,
  type DeviceOptions,
  INTERNAL_RATE,
  type RhythmUnderGaze,
  type SimulatedPerson,
  type SimulationOptions,
} from "./options.ts";

/** Central sites first, then a usual 32-channel cap. */
const CAP = (
  "C3 C4 F3 F4 P3 P4 Fz Cz Pz O1 O2 Oz Fp1 Fp2 F7 F8 T7 T8 P7 P8 FC1 FC2 FC5 FC6 CP1 CP2 CP5 CP6 " +
  "AF3 AF4 PO3 PO4"
).split(" ");

/** A person with every default filled in and a place among the nodes. */
export interface ResolvedPerson extends Person {
  readonly labels: readonly string[];
  /** Index of the first channel among all nodes. */
  readonly firstNode: number;
  readonly peakHz: number;
  readonly backgroundPole: number;
  readonly rmsMicrovolts: number;
  readonly rhythm: Readonly<Record<AdultGaze, Required<RhythmUnderGaze>>>;
  readonly device: DeviceOptions;
}

const DEFAULT_PERSONS: readonly SimulatedPerson[] = [
  { id: "adult", role: "adult" },
  { id: "infant", role: "infant" },
];

function requireRange(what: string, value: number, low: number, high: number): void {
  if (!(value >= low && value < high))
    throw new OptionError(`Simulated ${what} must lie in [${low}, ${high}), got ${value}.`);
}

function resolveDevice(person: SimulatedPerson, seed: number): DeviceOptions {
  const draw = mulberry32(hashSeed(seed, "device", person.id));
  const isAdult = person.role === "adult";
  const clockOffsetSeconds = Math.round((draw() - 0.5) * 7200e6) / 1e6;
  const driftPpm = Math.round((draw() - 0.5) * 800) / 10;
  const device: DeviceOptions = {
    nominalSamplingRate: isAdult ? 500 : 250,
    clockOffsetSeconds,
    driftPpm,
    jitterSeconds: 0.0002,
    startSeconds: isAdult ? 0 : 0.0137,
    lossesPerMinute: 0.2,
    lossSeconds: [0.02, 0.3],
    artefactsPerMinute: isAdult ? 0.2 : 1,
    sensorNoiseMicrovolts: 0,
    railMicrovolts: 5000,
    ...person.device,
  };
  requireRange(
    `nominalSamplingRate of ${person.id}`,
    device.nominalSamplingRate,
    INTERNAL_RATE,
    Number.POSITIVE_INFINITY,
  );
  requireRange(`driftPpm of ${person.id}`, device.driftPpm, -1e5, 1e5);
  return device;
}

function resolveLabels(person: SimulatedPerson): readonly string[] {
  const { channels = 2 } = person;
  if (typeof channels !== "number") return channels;
  if (!Number.isInteger(channels) || channels < 1 || channels > CAP.length)
    throw new OptionError(
      `Simulated ${person.id} can have 1 to ${CAP.length} numbered channels, got ${channels}: pass labels instead.`,
    );
  return CAP.slice(0, channels);
}

/** Fills in every default of every person; nodes are numbered in the order of the list. */
export function resolvePersons(options: SimulationOptions): readonly ResolvedPerson[] {
  const persons = options.persons ?? DEFAULT_PERSONS;
  const ids = new Set(persons.map((person) => person.id));
  if (ids.size !== persons.length || !persons.some((person) => person.role === "adult"))
    throw new OptionError("A simulation needs persons with different ids, one of them an adult.");
  let firstNode = 0;
  return persons.map((person) => {
    const isAdult = person.role === "adult";
    const { peakHz = isAdult ? 10 : 7, poleRadius = 0.95, backgroundPole = 0.9 } = person;
    requireRange(`peakHz of ${person.id}`, peakHz, 0, INTERNAL_RATE / 2);
    requireRange(`backgroundPole of ${person.id}`, backgroundPole, 0, 1);
    const rhythmUnder = (state: AdultGaze): Required<RhythmUnderGaze> => {
      const rhythm = { poleRadius, gain: 1, ...person.underAdultGaze?.[state] };
      requireRange(`poleRadius of ${person.id}`, rhythm.poleRadius, 0, 1);
      requireRange(`gain of ${person.id}`, rhythm.gain, 0, Number.POSITIVE_INFINITY);
      return rhythm;
    };
    const labels = resolveLabels(person);
    const resolved: ResolvedPerson = {
      id: person.id,
      role: person.role,
      labels,
      firstNode,
      peakHz,
      backgroundPole,
      rmsMicrovolts: person.rmsMicrovolts ?? (isAdult ? 12 : 20),
      rhythm: Object.fromEntries(ADULT_GAZE.map((state) => [state, rhythmUnder(state)])) as Record<
        AdultGaze,
        Required<RhythmUnderGaze>
      >,
      device: resolveDevice(person, options.seed),
    };
    firstNode += labels.length;
    return resolved;
  });
}

/** The stream that a person's amplifier announces. */
export function streamOf(person: ResolvedPerson): Stream {
  return {
    id: `${person.id}-eeg`,
    name: `Simulated EEG of ${person.id}`,
    type: "EEG",
    channels: person.labels.map((label) => ({ label, unit: "uV" })),
    nominalSamplingRate: person.device.nominalSamplingRate,
    person: person.id,
  };
}
