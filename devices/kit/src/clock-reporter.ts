import type { ArrivalClock } from "@attune/core";
import type { Seconds, Stream } from "@attune/signal";
import type { DeviceEvent } from "./device.ts";

const EVERY_SECONDS = 10;
/** Drift of a crystal stays below some 100 ppm; a clock this far off is worth a word, or not the rate that was said. */
const WARN_PPM = 200;
const WRONG_RATE_PPM = 1000;
const DRIFT_KNOWN_AFTER_SECONDS = 60;

/** Says every 10 s how a stream's clock runs, and once that it runs too badly to be healthy. */
export class ClockReporter {
  readonly #stream: Stream;
  readonly #report: (event: DeviceEvent) => void;
  #lastAt = Number.NaN;
  #warnedPpm = 0;

  constructor(stream: Stream, report: (event: DeviceEvent) => void) {
    this.#stream = stream;
    this.#report = report;
  }

  /** @param span seconds of data that the clock has seen */
  update(clock: ArrivalClock, span: Seconds, at: Seconds): void {
    if (Number.isNaN(this.#lastAt)) this.#lastAt = at;
    if (at - this.#lastAt < EVERY_SECONDS || !clock.settled) return;
    this.#lastAt = at;
    const { driftPpm, jitterRms } = clock;
    this.#report({ kind: "clock", streamId: this.#stream.id, driftPpm, jitterRms, at });
    if (this.#stream.nominalSamplingRate > 0 && span >= DRIFT_KNOWN_AFTER_SECONDS) this.#warn(driftPpm, at);
  }

  #warn(driftPpm: number, at: Seconds): void {
    const { id, nominalSamplingRate } = this.#stream;
    const ppm = Math.round(Math.abs(driftPpm));
    const limit = ppm > WRONG_RATE_PPM ? WRONG_RATE_PPM : ppm > WARN_PPM ? WARN_PPM : 0;
    if (limit <= this.#warnedPpm) return;
    this.#warnedPpm = limit;
    const measured = (nominalSamplingRate * (1 + driftPpm * 1e-6)).toFixed(3);
    const message =
      limit === WRONG_RATE_PPM
        ? `${id} delivers ${measured} samples/s instead of ${nominalSamplingRate}; correct the sampling rate in its settings.`
        : `The clock of ${id} is off by ${ppm} parts per million, more than a healthy crystal; times are corrected for it.`;
    this.#report({ kind: "warning", message, at });
  }
}
