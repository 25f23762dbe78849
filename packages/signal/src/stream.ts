/** Seconds. Which clock they count on stands in the name or the comment of the field. */
export type Seconds = number;

export interface Channel {
  readonly label: string;
  /** Unit of the samples, such as `uV` or `mV`; empty when the source does not say. */
  readonly unit: string;
}

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
  /** Who wears it, if known: `Person.id`. Never encoded in a channel label. */
  readonly person?: string;
}
