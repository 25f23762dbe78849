export type {
  LslConfiguration,
  LslLimits,
  LslTuning,
  ResolveScope,
} from "./api/configuration.ts";
export type {
  Inlet,
  InletChunk,
  InletOptions,
  InletState,
  PostProcessing,
  PullOptions,
  SampleValues,
  StreamQuery,
  TimeCorrection,
} from "./api/inlet.ts";
export type {
  ChunkInput,
  DescriptionInput,
  Outlet,
  OutletOptions,
  SampleInput,
  StreamDeclaration,
} from "./api/outlet.ts";
export type {
  ContinuousResolver,
  ContinuousResolverOptions,
  ResolveOptions,
  StreamsChange,
} from "./api/resolver.ts";
export type {
  ChannelDescription,
  ChannelFormat,
  DescriptionElement,
  Endpoint,
  StreamInfo,
} from "./api/stream-info.ts";
export { loadConfiguration, parseConfiguration } from "./configuration/load-configuration.ts";
export {
  LslConfigurationError,
  LslConnectionError,
  LslProtocolError,
  LslStreamError,
  LslTimeoutError,
} from "./errors.ts";
export { openInlet } from "./inlet/open-inlet.ts";
export { TimestampPostProcessor } from "./inlet/timestamp-post-processor.ts";
export { localClock } from "./local-clock.ts";
export { createOutlet } from "./outlet/create-outlet.ts";
export { continuousResolver } from "./resolver/continuous-resolver.ts";
export { resolveStreams } from "./resolver/resolve-streams.ts";
