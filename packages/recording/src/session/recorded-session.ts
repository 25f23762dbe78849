import type { RecordedSession } from "../recording.ts";
import type { XmlTree } from "../xdf/xml.ts";
import { checkSession } from "./play-session.ts";
import { parseSessionFacts } from "./session-header.ts";
import type { SessionSource } from "./session-source.ts";

/** What a recording says about the session that made it. Undefined when its header cannot be read. */
export function openSession(info: XmlTree, source: SessionSource): RecordedSession | undefined {
  const facts = parseSessionFacts(info);
  if (facts === undefined) return undefined;
  const people: Record<string, string> = {};
  for (const { liveId, stream } of source.streams)
    if (stream.person !== undefined) people[liveId] = stream.person;
  return { ...facts, people, check: () => checkSession(source) };
}
