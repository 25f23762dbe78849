export { analyseDyad, analyseOpenDyad } from "./analyse-dyad.ts";
export { dyadDocument, writeDyad } from "./output/write-dyad.ts";
export { type PooledResult, type PooledRow, poolDyads } from "./pool/pool-dyads.ts";
export { pooledDocument, writePooled } from "./pool/write-pooled.ts";
export { type DyadRequest, type DyadSettings, defaultDyadSettings, type MemberRequest } from "./request.ts";
export type * from "./result.ts";
