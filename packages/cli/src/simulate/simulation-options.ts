import type {
  DeviceOptions,
  HeartsOptions,
  PlantedCoupling,
  SimulatedPerson,
  SimulationOptions,
} from "@attune/device-simulated";

/** What `attune simulate` understands, as typed. */
export interface SimulateOptions {
  readonly out?: string;
  readonly seed: number;
  readonly duration: number;
  readonly coupling?: PlantedCoupling[];
  readonly channels?: number;
  readonly adultRate?: number;
  readonly infantRate?: number;
  readonly drift?: number;
  readonly jitter?: number;
  readonly loss?: number;
  readonly artefacts?: number;
  readonly sensorNoise?: number;
  readonly lineNoise?: number;
  readonly mains: 50 | 60;
  readonly stimulus?: number;
  readonly hearts?: boolean;
  readonly ecgRate?: number;
  readonly lag?: number;
  readonly covariation?: number;
  readonly covariationInTouch?: number;
  readonly leak?: number;
  readonly contingent?: boolean;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** Songs that both hear where a stimulus is asked for; the infant's brain answers 10 ms after the adult's. */
const songs = [
  { name: "song-a", durationSeconds: 14 },
  { name: "song-b", durationSeconds: 11 },
];
const latencySeconds = { adult: 0.1, infant: 0.11 };

export function simulationOf(o: SimulateOptions): SimulationOptions {
  return {
    seed: o.seed,
    durationSeconds: o.duration,
    persons: [person("adult", o.adultRate, 0, o), person("infant", o.infantRate, o.drift, o)],
    ...(o.coupling === undefined ? {} : { coupling: o.coupling }),
    ...(o.lineNoise === undefined
      ? {}
      : { lineNoise: { frequencyHz: o.mains, amplitudeMicrovolts: o.lineNoise } }),
    ...(o.stimulus === undefined
      ? {}
      : { stimulus: { strength: o.stimulus, latencySeconds, songs, pauseSeconds: 2 } }),
  };
}

/** A drift that was asked for is one device's against the other's: the adult's then keeps true time. */
function person(
  role: "adult" | "infant",
  rate: number | undefined,
  driftPpm: number | undefined,
  o: SimulateOptions,
): SimulatedPerson {
  const device: Partial<DeviceOptions> = {
    ...(rate === undefined ? {} : { nominalSamplingRate: rate }),
    ...(o.drift === undefined || driftPpm === undefined ? {} : { driftPpm }),
    ...(o.jitter === undefined ? {} : { jitterSeconds: o.jitter / 1000 }),
    ...(o.loss === undefined ? {} : { lossesPerMinute: o.loss }),
    ...(o.artefacts === undefined ? {} : { artefactsPerMinute: o.artefacts }),
    ...(o.sensorNoise === undefined ? {} : { sensorNoiseMicrovolts: o.sensorNoise }),
  };
  return { id: role, role, device, ...(o.channels === undefined ? {} : { channels: o.channels }) };
}

/** Two hearts instead of two brains. */
export function heartsOf(o: SimulateOptions): HeartsOptions {
  return {
    seed: o.seed,
    durationSeconds: o.duration,
    contingentVoice: o.contingent ?? true,
    ...(o.ecgRate === undefined ? {} : { samplingRate: o.ecgRate }),
    ...(o.lag === undefined ? {} : { lagSeconds: o.lag }),
    ...(o.covariation === undefined ? {} : { covariation: o.covariation }),
    ...(o.covariationInTouch === undefined ? {} : { covariationInTouch: o.covariationInTouch }),
    ...(o.leak === undefined ? {} : { leak: o.leak }),
  };
}
