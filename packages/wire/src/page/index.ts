/**
 * What a session and its pages say to each other. Runs in browsers under a content security policy without `unsafe-eval`: frames are
 * written and read without reflection. The schemas are zod's, which compiles them with `new Function` unless it is told not
 * to: a page calls `z.config({ jitless: true })` once, before its first frame.
 */
export type { Malformed } from "../ingest-message.ts";
export * from "./commands.ts";
export * from "./documents.ts";
export * from "./heart-documents.ts";
export { decodeCommand, decodePageFrame, encodeCommand, encodePageFrame } from "./page-frame.ts";
export { PAGE_PROTO } from "./page-proto.ts";
export type * from "./traces.ts";
