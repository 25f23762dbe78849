import { SessionError } from "../errors.ts";
import { needsToken, tokenNeeded } from "../outputs/who-may-listen.ts";
import { markersOf, type SessionFile } from "./schema.ts";

/** What the schema cannot say: that names match, nobody shares a channel, no key does two things. */
export function checkSession(file: SessionFile, name: string): void {
  const wrong = (message: string): never => {
    throw new SessionError(`${name}: ${message}`, { misuse: true });
  };
  const people = file.people.map(({ id }) => id);
  const twice = people.find((id, i) => people.indexOf(id) !== i);
  if (twice !== undefined) wrong(`two people are called "${twice}": give each their own id.`);
  for (const { person, device, channels } of file.streams) {
    if (!people.includes(person))
      wrong(`a stream belongs to "${person}", who is not among the people (${people.join(", ")}).`);
    if (!Object.hasOwn(file.devices, device))
      wrong(`a stream of ${person} names the device "${device}", which is not under devices.`);
    const labels = channels?.map((label) => label.toLowerCase());
    const repeated = channels?.find((_, i) => labels!.indexOf(labels![i]!) !== i);
    if (repeated !== undefined) wrong(`channel ${repeated} is named twice for ${person}.`);
  }
  for (const a of file.streams)
    for (const b of file.streams) {
      if (a === b || a.device !== b.device || (a.stream ?? "") !== (b.stream ?? "")) continue;
      if (a.channels === undefined || b.channels === undefined)
        wrong(`${a.person} and ${b.person} use the device "${a.device}": name the channels of each.`);
      const shared = a.channels!.find((label) =>
        b.channels!.some((other) => other.toLowerCase() === label.toLowerCase()),
      );
      if (shared !== undefined)
        wrong(
          `channel ${shared} of "${a.device}" is given to ${a.person} and to ${b.person}: a channel belongs to one person and one signal.`,
        );
    }
  for (const { device } of markersOf(file))
    if (!Object.hasOwn(file.devices, device))
      wrong(`markers name the device "${device}", which is not under devices.`);
  const { websocket } = file.outputs;
  if (websocket !== undefined && needsToken(websocket)) wrong(tokenNeeded(websocket.host));
  for (const { device, person } of file.trackers) {
    if (!Object.hasOwn(file.devices, device))
      wrong(`a tracker names the device "${device}", which is not under devices.`);
    if (!people.includes(person)) wrong(`a tracker watches "${person}", who is not among the people.`);
  }
  const { nullSeconds } = file.analysis.hearts;
  if (nullSeconds > 0 && nullSeconds < 20)
    wrong(`analysis.hearts.nullSeconds is ${nullSeconds}: give 0 for no null, or 20 and more.`);
  for (const { person, signal } of file.streams)
    if (
      signal === "audio" &&
      file.coding.layers.some((each) => each.person === person && each.layer === "voice")
    )
      wrong(`the layer voice of ${person} is coded by keys and by a microphone: call one of them otherwise.`);
  checkKeys(file, wrong);
}

/** Keys that the session itself uses. */
export const RESERVED_KEYS = ["space", "tab", "backspace", "enter", "ctrl+c"] as const;

function checkKeys(file: SessionFile, wrong: (message: string) => never): void {
  const owner = new Map<string, string>();
  const layers = new Set<string>();
  for (const { person, layer, states } of file.coding.layers) {
    if (person !== "session" && !file.people.some(({ id }) => id === person))
      wrong(`the layer ${layer} belongs to "${person}", who is not among the people.`);
    const id = `${layer}.${person}`;
    if (layers.has(id)) wrong(`the layer ${id} is described twice.`);
    layers.add(id);
    if (Object.keys(states).length === 0) wrong(`the layer ${id} has no states: give each a key.`);
    for (const [state, key] of Object.entries(states)) {
      // Small and capital letters are one key.
      const pressed = key.length === 1 ? key.toLowerCase() : key;
      const before = owner.get(pressed);
      if (before !== undefined)
        wrong(`key "${key}" stands for ${before} and for ${id} ${state}: choose another.`);
      if ((RESERVED_KEYS as readonly string[]).includes(key.toLowerCase()))
        wrong(`key "${key}" is needed for pause, undo and notes: choose another for ${id} ${state}.`);
      owner.set(pressed, `${id} ${state}`);
    }
  }
}
