/** A session for browsers: HTTP and WebSocket, on loopback unless told otherwise. */
export { ServerError } from "./errors.ts";
export { type LivePage, type LivePageOptions, livePage } from "./live/live-page.ts";
export { hostNamed } from "./page-addresses.ts";
export { pageAssets } from "./page-assets.ts";
export type * from "./page-source.ts";
export { type ReplayPage, type ReplayPageOptions, replayPage } from "./replay/replay-page.ts";
export {
  openSessionServer,
  type PageAddress,
  type SessionServer,
  type SessionServerOptions,
} from "./session-server.ts";
export { drawToken, isToken, TOKEN_RULE } from "./tokens.ts";
