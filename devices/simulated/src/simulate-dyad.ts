import { hashSeed, mulberry32, normal, OptionError } from "@attune/core";
import type { ClockOffset, Person, SessionInput, StateChange, StateInterval, Stream } from "@attune/signal";
import { KERNEL_HALF } from "./band-limited-reader.ts";
import { DeviceClock, nominalSamples } from "./device-clock.ts";
import { buildRegimes, type Regime, resolveCoupling } from "./dynamics.ts";
import { drawGaze, leadingAdult, regimeSwitches } from "./gaze-script.ts";
import { drawArtefacts, drawLosses } from "./mishaps.ts";
import { NeuralProcess } from "./neural-process.ts";
import { INTERNAL_RATE, type SimulationOptions } from "./options.ts";
import { type ResolvedPerson, resolvePersons, streamOf } from "./people.ts";
import { SimulatedDevice } from "./simulated-device.ts";
import { stationaryVariance } from "./stationary-variance.ts";
import { StimulusProgram } from "./stimulus-program.ts";
import { type SimulationTruth, trueCoupling, trueModel } from "./truth.ts";

/** How the simulated session is handed over. */
export interface DeliveryOptions {
  /** Length of a chunk. Default 0.1 s; it does not change a single sample. */
  readonly chunkSeconds?: number;
  /** Whether chunks carry the true session time of each sample. Default no: the receiver must find it. */
  readonly withSessionTime?: boolean;
}

/** A session with known truth. */
export interface SimulatedDyad {
  readonly people: readonly Person[];
  readonly streams: readonly Stream[];
  /** Gaze of everybody and, with a stimulus, the session's layer `stimulus`. */
  readonly states: readonly StateInterval[];
  readonly truth: SimulationTruth;
  /**
   * Everything that enters the session, in the order in which it is complete: chunks, measurements of the clocks,
   * changes of state. Computed while it is read; can be read again and is then the same to the bit.
   */
  inputs(delivery?: DeliveryOptions): Iterable<SessionInput>;
}

/** The parts of a simulation that do not depend on how it is observed. */
export interface SimulationPlan {
  readonly persons: readonly ResolvedPerson[];
  readonly regimes: readonly Regime[];
  readonly states: readonly StateInterval[];
  readonly switches: readonly { firstSample: number; regime: number }[];
  /** `[nNodes]`, microvolts per unit of the model. */
  readonly scale: Float64Array;
}

/** Resolves the options: laws, script and scale. One scale for all states, so that they keep their differences in power. */
export function planSimulation(options: SimulationOptions): SimulationPlan {
  if (!(options.durationSeconds > 0 && options.durationSeconds < Number.POSITIVE_INFINITY))
    throw new OptionError(`durationSeconds must be positive, got ${options.durationSeconds}.`);
  const persons = resolvePersons(options);
  requireKnownPersons(persons, options);
  const regimes = buildRegimes(persons, options);
  const variances = regimes.map(stationaryVariance);
  const scale = new Float64Array(regimes[0]!.nNodes);
  for (const { firstNode, labels, rmsMicrovolts } of persons)
    for (let i = firstNode; i < firstNode + labels.length; i++) {
      const power = variances.reduce((sum, variance) => sum + variance[i]!, 0) / variances.length;
      scale[i] = rmsMicrovolts / Math.sqrt(power);
    }
  const gaze = options.states ?? drawGaze(persons, options);
  const states = [...gaze, ...new StimulusProgram(persons, options).states(options.durationSeconds)];
  const switches = regimeSwitches(states, leadingAdult(persons), options.durationSeconds);
  return { persons, regimes, states, switches, scale };
}

/** A misspelt name would otherwise plant nothing, silently. */
function requireKnownPersons(persons: readonly ResolvedPerson[], options: SimulationOptions): void {
  const byId = new Map(persons.map((person) => [person.id, person]));
  const known = [...byId.keys()].join(", ");
  for (const id of Object.keys(options.stimulus?.latencySeconds ?? {}))
    if (!byId.has(id))
      throw new OptionError(`stimulus.latencySeconds names ${id}; the persons are ${known}.`);
  for (const { person, channels = [] } of options.brokenSpans ?? []) {
    const labels = byId.get(person)?.labels;
    if (labels === undefined)
      throw new OptionError(`brokenSpans names the person ${person}; the persons are ${known}.`);
    for (const channel of channels)
      if (!labels.includes(channel))
        throw new OptionError(
          `brokenSpans names the channel ${channel} of ${person}, who has ${labels.join(", ")}.`,
        );
  }
}

/**
 * A living dyad with known truth: two or more heads whose coupling is switched by the adult's gaze, each observed by
 * an amplifier with its own rate, clock and mishaps.
 *
 * The heads are one vector autoregressive process at 200 Hz whose coefficients change with the adult's gaze and with
 * nothing else; `truth` holds them and the GPDC that follows from them. Amplifiers read that process between its
 * samples (band-limited interpolation), so what an analysis sees is what real amplifiers would see of it. Artefacts,
 * losses and clock errors are added afterwards and listed in `truth`.
 *
 * Deterministic: the same options give the same session to the bit, in chunks of any length. Memory does not grow
 * with the duration.
 *
 * @throws OptionError when an option is out of range or the planted links make the process unstable
 */
export function simulateDyad(options: SimulationOptions): SimulatedDyad {
  const plan = planSimulation(options);
  const { persons, regimes, states } = plan;
  const { seed, durationSeconds, brokenSpans = [] } = options;
  const artefacts = persons.flatMap((person) => drawArtefacts(person, seed, durationSeconds));
  const losses = persons.flatMap((person) => drawLosses(person, seed, durationSeconds));
  const coupling = regimes.map((regime) => trueCoupling(regime, persons));
  const truth: SimulationTruth = {
    seed,
    durationSeconds,
    samplingRate: INTERNAL_RATE,
    nodes: persons.flatMap((person) =>
      person.labels.map((channel, c) => ({
        person: person.id,
        channel,
        scaleMicrovolts: plan.scale[person.firstNode + c]!,
      })),
    ),
    models: regimes.map(trueModel),
    coupling: resolveCoupling(persons, options),
    links: coupling.flatMap(({ links }) => links),
    directions: coupling.flatMap(({ directions }) => directions),
    states,
    presentations: new StimulusProgram(persons, options).presentations,
    clocks: persons.map(({ id, device }) => ({
      person: id,
      streamId: `${id}-eeg`,
      nominalSamplingRate: device.nominalSamplingRate,
      clockOffsetSeconds: device.clockOffsetSeconds,
      driftPpm: device.driftPpm,
      jitterSeconds: device.jitterSeconds,
      startSeconds: device.startSeconds,
      nSamples: nominalSamples(device, durationSeconds),
    })),
    losses,
    artefacts,
    brokenSpans,
  };
  return {
    people: persons.map(({ id, role }) => ({ id, role })),
    streams: persons.map(streamOf),
    states,
    truth,
    inputs: (delivery = {}) => ({ [Symbol.iterator]: () => play(options, plan, truth, delivery) }),
  };
}

/** Somebody who has something to say at a known session time. */
interface Producer {
  readonly nextAt: number;
  emit(): SessionInput;
}

function* play(
  options: SimulationOptions,
  plan: SimulationPlan,
  truth: SimulationTruth,
  delivery: DeliveryOptions,
): Generator<SessionInput, void> {
  const { chunkSeconds = 0.1, withSessionTime = false } = delivery;
  if (!(chunkSeconds > 0)) throw new OptionError(`chunkSeconds must be positive, got ${chunkSeconds}.`);
  const keepSamples =
    Math.ceil(1.2 * Math.min(chunkSeconds, options.durationSeconds) * INTERNAL_RATE) + 4 * KERNEL_HALF;
  const process = new NeuralProcess(plan.persons, plan.regimes, plan.switches, options, keepSamples);
  const belongsTo = (id: string) => (item: { person: string }) => item.person === id;
  const producers: Producer[] = [stateProducer(plan.states)];
  for (const person of plan.persons) producers.push(clockProducer(person, options));
  for (const person of plan.persons) {
    const mine = belongsTo(person.id);
    const mishaps = {
      artefacts: truth.artefacts.filter(mine),
      losses: truth.losses.filter(mine),
      brokenSpans: truth.brokenSpans.filter(mine),
    };
    producers.push(
      new SimulatedDevice(person, process, plan.scale, mishaps, options, { chunkSeconds, withSessionTime }),
    );
  }
  for (;;) {
    let earliest = producers[0]!;
    for (const producer of producers) if (producer.nextAt < earliest.nextAt) earliest = producer;
    if (earliest.nextAt === Number.POSITIVE_INFINITY) return;
    yield earliest.emit();
  }
}

function stateProducer(states: readonly StateInterval[]): Producer {
  const changes = states
    .map(
      ({ person, layer, state, onset }): StateChange => ({ kind: "state", person, layer, state, at: onset }),
    )
    .sort((a, b) => a.at - b.at);
  let next = 0;
  return {
    get nextAt() {
      return changes[next]?.at ?? Number.POSITIVE_INFINITY;
    },
    emit: () => changes[next++]!,
  };
}

/** Measures a clock every few seconds with a small error, from the device's start on. */
function clockProducer(person: ResolvedPerson, options: SimulationOptions): Producer {
  const { intervalSeconds, errorSeconds } = options.clockMeasurement ?? {
    intervalSeconds: 5,
    errorSeconds: 0.0001,
  };
  const clock = new DeviceClock(person.device);
  const error = normal(mulberry32(hashSeed(options.seed, "clock-measurement", person.id)));
  let count = 0;
  const at = () => person.device.startSeconds + count * intervalSeconds;
  return {
    get nextAt() {
      return at() < options.durationSeconds ? at() : Number.POSITIVE_INFINITY;
    },
    emit(): ClockOffset {
      const time = at();
      count += 1;
      return {
        kind: "clock-offset",
        streamId: streamOf(person).id,
        collectedAt: clock.deviceTime(time),
        offset: clock.offset(time) + errorSeconds * error(),
      };
    },
  };
}
