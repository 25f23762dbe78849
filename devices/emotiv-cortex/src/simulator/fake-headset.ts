import type { Seconds } from "@attune/signal";

/** One data message of the service, without the session. */
export interface FakeData {
  readonly stream: "eeg" | "mot" | "dev" | "eq";
  readonly values: readonly unknown[];
  readonly time: number;
}

/** Real headsets put out unsigned counts of which EMOTIV's driver keeps the middle, in microvolts. */
const OFFSET_UV = 4200;
/** Unix time at which the simulation begins, so that a run is the same every time. */
const EPOCH: Seconds = 1_700_000_000;
const QUALITY_PERIOD: Seconds = 0.5;

/**
 * A headset that counts samples: pure, told the time by whoever runs it. `COUNTER` begins anew every second;
 * samples that are lost are counted and not sent; samples that Cortex would have made up carry `INTERPOLATED`
 * 1.
 */
export class FakeHeadset {
  readonly id: string;
  readonly #sensors: readonly string[];
  readonly #eegRate: number;
  readonly #motionRate: number;
  readonly #clockRate: number;
  readonly #sample: (index: number, out: Float64Array) => void;
  readonly #scratch: Float64Array;
  readonly #startedAt: Seconds;
  status: "discovered" | "connected" = "connected";
  /** 0 to 4 per sensor, as `dev` tells it. */
  contact: number[];
  batteryPercent = 87;
  #nextEeg = 0;
  /** Sample at which `COUNTER` was 0. */
  #counterOrigin = 0;
  #nextMotion = 0;
  #nextQuality = 0;
  #countsAnew = false;
  #toLose = 0;
  #toInvent = 0;

  constructor(o: {
    id: string;
    sensors: readonly string[];
    eegRate: number;
    motionRate: number;
    driftPpm: number;
    startedAt: Seconds;
    sample?: (index: number, out: Float64Array) => void;
  }) {
    this.id = o.id;
    this.#sensors = o.sensors;
    this.#eegRate = o.eegRate;
    this.#motionRate = o.motionRate;
    this.#clockRate = 1 + o.driftPpm * 1e-6;
    this.#startedAt = o.startedAt;
    this.#scratch = new Float64Array(o.sensors.length);
    this.contact = o.sensors.map(() => 4);
    this.#sample =
      o.sample ??
      ((index, out) => {
        for (let c = 0; c < out.length; c++)
          out[c] = 20 * Math.sin((2 * Math.PI * (8 + (c % 5)) * index) / o.eegRate);
      });
  }

  /** The next `nSamples` of EEG are counted and not sent. */
  lose(nSamples: number): void {
    this.#toLose += nSamples;
  }

  /** The next `nSamples` of EEG are made up by Cortex. */
  invent(nSamples: number): void {
    this.#toInvent += nSamples;
  }

  /** Switched off: has to be connected again, and then counts from 0 at whatever moment that is. */
  switchOff(): void {
    this.status = "discovered";
    this.#countsAnew = true;
  }

  /** As `queryHeadsets` lists it. */
  describe(): readonly unknown[] {
    const settings = {
      mode: "EPOC",
      eegRate: this.#eegRate,
      memsRate: this.#motionRate,
      eegRes: 14,
      memsRes: 14,
    };
    const { id, status } = this;
    return [{ id, status, connectedBy: "dongle", firmware: "simulated", sensors: this.#sensors, settings }];
  }

  /** `cols` of a subscription; undefined for streams that it does not have. */
  columns(stream: string): readonly unknown[] | undefined {
    switch (stream) {
      case "eeg":
        return ["COUNTER", "INTERPOLATED", ...this.#sensors, "RAW_CQ", "MARKER_HARDWARE", "MARKERS"];
      case "mot":
        return [
          "COUNTER_MEMS",
          "INTERPOLATED_MEMS",
          "Q0",
          "Q1",
          "Q2",
          "Q3",
          "ACCX",
          "ACCY",
          "ACCZ",
          "MAGX",
          "MAGY",
          "MAGZ",
        ];
      case "dev":
        return ["Battery", "Signal", [...this.#sensors, "OVERALL"], "BatteryPercent"];
      case "eq":
        return ["batteryPercent", "OVERALL", "SampleRateQuality", ...this.#sensors];
      default:
        return undefined;
    }
  }

  /** What is due by `now` and was not given yet. */
  produce(now: Seconds): readonly FakeData[] {
    const elapsed = (now - this.#startedAt) * this.#clockRate;
    const due: FakeData[] = [];
    for (; this.#nextEeg / this.#eegRate <= elapsed; this.#nextEeg++) {
      const index = this.#nextEeg;
      if (this.#toLose > 0) {
        this.#toLose--;
        continue;
      }
      this.#sample(index, this.#scratch);
      const invented = this.#toInvent > 0 ? 1 : 0;
      if (invented) this.#toInvent--;
      const values = Array.from(this.#scratch, (value) => OFFSET_UV + value);
      due.push({
        stream: "eeg",
        values: [(index - this.#counterOrigin) % this.#eegRate, invented, ...values, 0, 0, []],
        time: EPOCH + index / this.#eegRate,
      });
    }
    for (; this.#nextMotion / this.#motionRate <= elapsed; this.#nextMotion++) {
      const index = this.#nextMotion;
      const values = [index % this.#motionRate, 0, 1, 0, 0, 0, 0.01, -0.02, 0.98, 21.5, -3.5, 40];
      due.push({ stream: "mot", values, time: EPOCH + index / this.#motionRate });
    }
    for (; this.#nextQuality * QUALITY_PERIOD <= elapsed; this.#nextQuality++) {
      const time = EPOCH + this.#nextQuality * QUALITY_PERIOD;
      const overall = 25 * Math.min(...this.contact);
      due.push({ stream: "dev", values: [4, 1, [...this.contact, overall], this.batteryPercent], time });
      due.push({ stream: "eq", values: [this.batteryPercent, overall, 1, ...this.contact], time });
    }
    return due;
  }

  /** What was due before `now` is given to nobody: nobody listened. */
  skipTo(now: Seconds): void {
    const elapsed = (now - this.#startedAt) * this.#clockRate;
    this.#nextEeg = Math.max(this.#nextEeg, Math.ceil(elapsed * this.#eegRate));
    if (this.#countsAnew) this.#counterOrigin = this.#nextEeg;
    this.#countsAnew = false;
    this.#nextMotion = Math.max(this.#nextMotion, Math.ceil(elapsed * this.#motionRate));
    this.#nextQuality = Math.max(this.#nextQuality, Math.ceil(elapsed / QUALITY_PERIOD));
  }
}
