export {
  ChannelQualityMeter,
  type ChannelQualityOptions,
  type ChannelReading,
} from "./channel-quality-meter.ts";
export {
  type ChannelVerdict,
  ecgLimits,
  eegLimits,
  judgeChannel,
  type QualityLight,
  type QualityLimits,
  type QualityReason,
} from "./judge-channel.ts";
