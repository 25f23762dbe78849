export { type VoiceChanges, VoiceGate, voiceChanges } from "./voice-gate.ts";
export type { VoiceGateOptions, VoiceGatePlan } from "./voice-gate-options.ts";
export { type VoiceIntervals, voiceIntervals } from "./voice-intervals.ts";
