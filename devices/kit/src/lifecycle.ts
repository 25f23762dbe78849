/**
 * Where a device stands. `stalled`: the connection is open and no data come. `failed`: only for causes that trying again
 * cannot mend (wrong device, missing licence, bad settings).
 */
export type Lifecycle =
  | "idle"
  | "connecting"
  | "configuring"
  | "ready"
  | "streaming"
  | "stalled"
  | "reconnecting"
  | "stopping"
  | "closed"
  | "failed";
