import type { Discovered } from "@attune/device-kit";
import { stringify } from "yaml";

/** Names that labs give to streams, by role. A hint for a proposal that a person completes. */
const ROLES = [
  ["infant", /infant|baby|child|toddler|newborn/i],
  ["adult", /adult|mother|father|parent|caregiver|mum|mom|dad|teacher|experimenter/i],
] as const;

const SIGNALS = [
  ["eeg", /eeg/i],
  ["ecg", /ecg|ekg|heart/i],
  ["gaze", /gaze|eye/i],
  ["respiration", /resp|breath/i],
  ["eda", /eda|gsr/i],
] as const;

const HEADER = `# A session of Attune, proposed from what was found on this machine.
# Complete it: the code of the dyad, who wears what, the keys for behaviour. Then: attune check
`;

/** A session file as text, with everything that was found; what cannot be known stands there as a question. */
export function proposeSession(found: readonly Discovered[]): string {
  const names = deviceNames(found);
  const devices = Object.fromEntries(
    found.map(({ device, settings }, i) => [names[i]!, { kind: device, ...settings }]),
  );
  const streams = found.flatMap((each, i) =>
    each.streams
      .filter(({ nominalSamplingRate }) => nominalSamplingRate > 0)
      .map(({ name, type }) => ({
        person: personOf(each, name, i),
        signal: SIGNALS.find(([, pattern]) => pattern.test(`${type} ${name}`))?.[0] ?? "other",
        device: names[i]!,
        ...(each.streams.length > 1 ? { stream: name } : {}),
      })),
  );
  const markers = found.flatMap(({ streams: delivered }, i) =>
    delivered.some(({ type, nominalSamplingRate }) => nominalSamplingRate === 0 && /marker/i.test(type))
      ? [names[i]!]
      : [],
  );
  const session = {
    session: "dyad-000",
    people: [
      { id: "adult", role: "adult" },
      { id: "infant", role: "infant" },
    ],
    devices,
    streams,
    coding: {
      layers: [
        { person: "adult", layer: "gaze", states: { direct: "d", averted: "a" } },
        { person: "infant", layer: "gaze", states: { partner: "p", object: "o", away: "w" } },
      ],
    },
    ...(markers.length > 0 ? { markers } : {}),
    phases: [{ name: "free-play", plannedSeconds: 150 }],
    recording: { folder: "recordings" },
  };
  return `${HEADER}${stringify(session, { flowCollectionPadding: true, lineWidth: 100 })}`;
}

function personOf({ role, title }: Discovered, name: string, index: number): string {
  if (role === "adult" || role === "infant") return role;
  const hinted = ROLES.find(([, pattern]) => pattern.test(`${title} ${name}`));
  return hinted?.[0] ?? (index === 0 ? "adult" : "infant");
}

/** `adult-eeg`, `openbci-cyton`, `openbci-cyton-2`: words that a session file can use as keys. */
function deviceNames(found: readonly Discovered[]): string[] {
  const used = new Set<string>();
  return found.map(({ device, streams }) => {
    const text = streams.length === 1 ? streams[0]!.name : device;
    const base =
      text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+|-+$/g, "") || device;
    let chosen = base;
    for (let n = 2; used.has(chosen); n++) chosen = `${base}-${n}`;
    used.add(chosen);
    return chosen;
  });
}
