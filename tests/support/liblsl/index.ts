export { liblslPath } from "./binary.ts";
export { canShiftClock } from "./clock-shift.ts";
export { describeWithLiblsl } from "./describe.ts";
export type * from "./messages.ts";
export { type Peer, type PeerOptions, startPeer } from "./peer.ts";
export { type PortRange, reservePorts } from "./ports.ts";
