/** Seconds. Which clock they count on stands in the name or the comment of the field. */
export type Seconds = number;

export interface Channel {
  readonly label: string;
  /** Unit of the samples, such as `uV` or `mV`; empty when the source does not say. */
  readonly unit: string;
  /** Units per count of the converter, where samples are counts times this: the counts can be had back exactly. */
  readonly unitsPerCount?: number;
}

/** How values travel and are stored: the formats that Lab Streaming Layer and XDF know. */
export type SampleFormat = "float32" | "double64" | "int8" | "int16" | "int32" | "int64" | "string";

/** One source of samples: an amplifier, an ECG, a marker box. */
export interface Stream {
  /** Unique within the session; equal to the id under which its chunks arrive. */
  readonly id: string;
  readonly name: string;
  /** Content type as Lab Streaming Layer uses it: `EEG`, `ECG`, `Markers`, `Gaze` ... */
  readonly type: string;
  readonly channels: readonly Channel[];
  /** Samples per second as the device claims; a claim, never a clock. 0 for irregular streams. */
  readonly nominalSamplingRate: number;
  /** How its values came; a recording keeps them so. `double64` where nothing is said. */
  readonly sampleFormat?: SampleFormat;
  /** Identifies the source across restarts: a serial number, the `source_id` of Lab Streaming Layer. */
  readonly sourceId?: string;
  /** What else the source says about itself (model, firmware, gains, declared latency): goes into the recording's header. */
  readonly description?: Readonly<Record<string, string | number | boolean>>;
  /** Who wears it, if known: `Person.id`. Never encoded in a channel label. */
  readonly person?: string;
}
