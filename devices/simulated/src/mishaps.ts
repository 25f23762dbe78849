import { hashSeed, mulberry32, type Uniform } from "@attune/core";
import type { Seconds } from "@attune/signal";
import { nominalSamples } from "./device-clock.ts";
import type { ResolvedPerson } from "./people.ts";

/** A large slow deflection, as from a movement: sin^2 over its length, with its own size and sign on each channel. */
export interface MovementArtefact {
  readonly person: string;
  readonly onset: Seconds;
  readonly duration: Seconds;
  /** Peak on each channel. */
  readonly peakMicrovolts: readonly number[];
}

/** Samples that the device took and nobody received. */
export interface LossBurst {
  readonly person: string;
  readonly streamId: string;
  /** Counter of the first lost sample. */
  readonly firstSample: number;
  readonly nSamples: number;
}

/** Times of a Poisson process on [0, duration). */
function poissonTimes(perMinute: number, duration: number, uniform: Uniform): number[] {
  const times: number[] = [];
  if (!(perMinute > 0)) return times;
  for (let t = 0; ; ) {
    t -= (60 / perMinute) * Math.log(1 - uniform());
    if (t >= duration) return times;
    times.push(t);
  }
}

/** Movement artefacts of 0.5-2 s and 150-400 uV; adults' are half as large. */
export function drawArtefacts(
  person: ResolvedPerson,
  seed: number,
  durationSeconds: number,
): MovementArtefact[] {
  const uniform = mulberry32(hashSeed(seed, "artefacts", person.id));
  const size = person.role === "adult" ? 0.5 : 1;
  return poissonTimes(person.device.artefactsPerMinute, durationSeconds, uniform).map((onset) => {
    const duration = 0.5 + 1.5 * uniform();
    const peak = size * (150 + 250 * uniform());
    const sign = uniform() < 0.5 ? -1 : 1;
    return {
      person: person.id,
      onset,
      duration,
      peakMicrovolts: person.labels.map(() => sign * peak * (0.6 + 0.4 * uniform())),
    };
  });
}

/** Bursts of lost samples, in order and apart from each other; the first sample of the stream always arrives. */
export function drawLosses(person: ResolvedPerson, seed: number, durationSeconds: number): LossBurst[] {
  const { device, id } = person;
  const uniform = mulberry32(hashSeed(seed, "losses", id));
  const [shortest, longest] = device.lossSeconds;
  const total = nominalSamples(device, durationSeconds);
  const bursts: LossBurst[] = [];
  let free = 1;
  for (const onset of poissonTimes(device.lossesPerMinute, durationSeconds, uniform)) {
    const length = Math.max(
      1,
      Math.round((shortest + (longest - shortest) * uniform()) * device.nominalSamplingRate),
    );
    const firstSample = Math.max(free, Math.round(onset * device.nominalSamplingRate));
    const nSamples = Math.min(length, total - firstSample);
    if (nSamples < 1) break;
    bursts.push({ person: id, streamId: `${id}-eeg`, firstSample, nSamples });
    free = firstSample + nSamples + 1;
  }
  return bursts;
}
