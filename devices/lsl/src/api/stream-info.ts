/** How the values of a stream travel, by the names that the wire uses. */
export type ChannelFormat = "float32" | "double64" | "string" | "int8" | "int16" | "int32" | "int64";

/** What one channel is, by the XDF convention `desc/channels/channel/{label,unit,type}`. Absent fields are empty. */
export interface ChannelDescription {
  readonly label: string;
  readonly unit: string;
  readonly type: string;
}

/** One element of `<desc>`: its own text and its child elements, in document order. */
export interface DescriptionElement {
  readonly name: string;
  readonly value: string;
  readonly children: readonly DescriptionElement[];
}

/** Where a stream is served in one address family. */
export interface Endpoint {
  /** The address that the answer came from, never what the XML claims. */
  readonly address: string;
  /** TCP port of the samples and of the full description. */
  readonly dataPort: number;
  /** UDP port of the time service. */
  readonly servicePort: number;
}

/** What is known about a stream: everything of the short info; `channels` and `description` only after `fullInfo()`. */
export interface StreamInfo {
  readonly name: string;
  /** Content type by convention: "EEG", "Gaze", "Markers"… May be empty. */
  readonly type: string;
  readonly channelCount: number;
  /** Samples per second as declared; 0 is irregular. */
  readonly nominalSamplingRate: number;
  readonly channelFormat: ChannelFormat;
  /** Names the device beyond a restart of the program that serves it; empty means that it cannot be found again. */
  readonly sourceId: string;
  /** New for each outlet instance. */
  readonly uid: string;
  readonly hostname: string;
  readonly sessionId: string;
  /** Seconds on the sender's clock. */
  readonly createdAt: number;
  /** Protocol version times 100: 110. */
  readonly version: number;
  readonly endpoints: { readonly v4?: Endpoint; readonly v6?: Endpoint };
  /** One per channel when the full info was fetched and describes them, else empty. */
  readonly channels: readonly ChannelDescription[];
  /** The children of `<desc>`; empty until the full info was fetched. */
  readonly description: readonly DescriptionElement[];
  /** The document as received. */
  readonly xml: string;
}
