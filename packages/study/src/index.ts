/** From one recording to numbers that can be defended: profiles, nulls, statistics, tables, report. */
export { type AnalysisProgress, type AnalysisRequest, analyse } from "./analyse.ts";
export { analyseRecording } from "./analyse-recording.ts";
export { layerKey, sessionSettings } from "./collect.ts";
export { StudyError } from "./errors.ts";
export * from "./output/index.ts";
export { type PersonRequest, resolvePeople } from "./people.ts";
export * from "./physiology/index.ts";
export { play } from "./play.ts";
export { type Profile, profileNamed, profiles } from "./profiles.ts";
export { attuneVersion, hashOf } from "./provenance.ts";
export { fitRates } from "./rates.ts";
export type { RecordingRequest } from "./recording-request.ts";
export type * from "./result.ts";
export { estimators, type NullId, nullIds, type StudySettings, studySettingsSchema } from "./settings.ts";
export { isAboveChance } from "./verdicts.ts";
