/** A session for browsers: HTTP and WebSocket, on loopback unless told otherwise. */
export { ServerError } from "./errors.ts";
export { type LivePage, type LivePageOptions, livePage } from "./live/live-page.ts";
export { pageAssets } from "./page-assets.ts";
export type * from "./page-source.ts";
export { type ReplayPage, type ReplayPageOptions, replayPage } from "./replay/replay-page.ts";
export { openSessionServer, type SessionServer, type SessionServerOptions } from "./session-server.ts";
