import type { StreamInfo } from "../api/stream-info.ts";

/**
 * Enters an answer under the stream's uid: the first answer of each address family gives the endpoint, so that a later one
 * from elsewhere cannot lead an inlet away. Returns whether the stream was new; a full table takes no more.
 */
export function addAnswer(streams: Map<string, StreamInfo>, answer: StreamInfo, maximum: number): boolean {
  const known = streams.get(answer.uid);
  if (!known) {
    if (streams.size >= maximum) return false;
    streams.set(answer.uid, answer);
    return true;
  }
  if ((answer.endpoints.v4 && !known.endpoints.v4) || (answer.endpoints.v6 && !known.endpoints.v6))
    streams.set(answer.uid, { ...known, endpoints: { ...answer.endpoints, ...known.endpoints } });
  return false;
}
