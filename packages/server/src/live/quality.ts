import { ChannelQualityMeter, ecgLimits, eegLimits, judgeChannel } from "@attune/core";
import type { LiveSession } from "@attune/live";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import type { ChannelQuality, PageChannel, PageStream } from "@attune/wire/page";
import { known } from "./known.ts";

const OVER_SECONDS = 4;
/** Slower streams are no biosignals that the limits are for. */
const LEAST_RATE = 20;
/** From where on an electrode is fair, and poor, kilohms. Ours, for gel; dry electrodes live above it. */
const FAIR_KILOHMS = 50;
const POOR_KILOHMS = 200;

/** Factor to microvolts of the units that amplifiers deliver. */
const microvolts: Readonly<Record<string, number>> = {
  uv: 1,
  µv: 1,
  μv: 1,
  microvolt: 1,
  microvolts: 1,
  mv: 1e3,
  millivolt: 1e3,
  millivolts: 1e3,
  v: 1e6,
  volt: 1e6,
  volts: 1e6,
};

export const toMicrovolts = (unit: string): number => microvolts[unit.trim().toLowerCase()] ?? Number.NaN;

interface Followed {
  readonly meter: ChannelQualityMeter;
  nextSample: number;
}

type Row = ChannelQuality["channels"][number];

/** Lights beside channels, over the last seconds of the data as they arrive: no filter, whatever is shown. */
export class QualityLights {
  readonly #streams = new Map<string, Followed>();
  readonly #mainsHz: number;

  constructor(mainsHz: number) {
    this.#mainsHz = mainsHz;
  }

  addStream({ id, channels, nominalSamplingRate }: Stream): void {
    if (nominalSamplingRate < LEAST_RATE || this.#streams.has(id)) return;
    const meter = new ChannelQualityMeter({
      nChannels: channels.length,
      samplingRate: nominalSamplingRate,
      mainsHz: this.#mainsHz,
      overSeconds: OVER_SECONDS,
    });
    this.#streams.set(id, { meter, nextSample: Number.NaN });
  }

  take(output: DeviceOutput): void {
    if (output.kind !== "samples") return;
    const followed = this.#streams.get(output.streamId);
    if (followed === undefined) return;
    const { meter, nextSample } = followed;
    const { firstSample, nSamples, data } = output;
    if (firstSample > nextSample) meter.skip(firstSample - nextSample);
    followed.nextSample = firstSample + nSamples;
    meter.push(data, nSamples);
  }

  /** One stream; undefined for streams without lights. */
  read(
    session: Pick<LiveSession, "pulse" | "lastImpedance">,
    stream: PageStream,
    at: Seconds,
  ): ChannelQuality | undefined {
    const meter = this.#streams.get(stream.id)?.meter;
    if (meter === undefined) return undefined;
    const isSilent = (session.pulse(stream.id)?.silentSeconds ?? Number.POSITIVE_INFINITY) > OVER_SECONDS / 2;
    const impedance = session.lastImpedance(stream.device);
    const kilohms = impedance?.streamId === stream.id.replace(/#\d+$/, "") ? impedance.kilohms : [];
    return {
      kind: "quality",
      at,
      streamId: stream.id,
      overSeconds: OVER_SECONDS,
      channels: stream.channels.map((channel, c) => lightOf(channel, meter, c, isSilent, kilohms[c])),
    };
  }
}

function lightOf(
  { label, unit, signal }: PageChannel,
  meter: ChannelQualityMeter,
  c: number,
  isSilent: boolean,
  kilohms: number | undefined,
): Row {
  const reading = meter.read(c);
  const base = { label, kilohms: known(kilohms) };
  if (isSilent)
    return {
      ...base,
      light: "unknown",
      reasons: ["no-data"],
      rms: null,
      lineRatio: null,
      muscleShare: null,
      drift: null,
    };
  const limits = signal === "eeg" ? eegLimits : signal === "ecg" ? ecgLimits : undefined;
  const verdict =
    limits === undefined
      ? { light: "unknown" as const, reasons: [] }
      : judgeChannel(reading, limits, toMicrovolts(unit));
  const electrode = gradeOf(kilohms);
  return {
    ...base,
    light: electrode === undefined ? verdict.light : worse(verdict.light, electrode),
    reasons: [...verdict.reasons, ...(electrode === undefined ? [] : ["impedance" as const])],
    rms: known(reading.rms),
    lineRatio: known(reading.lineRatio),
    muscleShare: signal === "eeg" ? known(reading.muscleShare) : null,
    drift: known(reading.drift),
  };
}

function gradeOf(kilohms: number | undefined): "fair" | "poor" | undefined {
  if (kilohms === undefined || !(kilohms > FAIR_KILOHMS)) return undefined;
  return kilohms > POOR_KILOHMS ? "poor" : "fair";
}

const worse = (light: Row["light"], electrode: "fair" | "poor"): Row["light"] =>
  light === "poor" || electrode === "poor" ? "poor" : "fair";
