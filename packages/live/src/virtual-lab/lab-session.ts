import type { LslConfiguration } from "@attune/lsl";
import { stringify } from "yaml";

/** What the virtual laboratory calls its parts. */
export const LAB = {
  adult: "Virtual adult EEG",
  infant: "Virtual infant EEG",
  adultEcg: "Virtual adult ECG",
  gaze: "Virtual gaze",
  touch: "Virtual touch",
  voices: "Virtual voices",
  belts: { adult: "Virtual adult belt", infant: "Virtual infant belt" },
  teacher: "teacher-headset",
  eeg: ["C3", "C4", "F3", "F4"],
} as const;

export interface LabSessionOptions {
  readonly folder: string;
  readonly websocketPort: number;
  /** Paths of the serial ports that there are. */
  readonly serial: { readonly cyton?: string; readonly ecg?: string };
  readonly lsl?: LslConfiguration;
}

const HEADER = `# The session of a virtual laboratory: attune check, then attune live, in another terminal.
`;

/** The session file that fits the laboratory. */
export function labSession({ websocketPort, serial, lsl }: LabSessionOptions): string {
  const network = lsl === undefined ? {} : { network: networkOf(lsl) };
  const { cyton, ecg } = serial;
  const eeg = (person: string, device: string) => ({ person, signal: "eeg", device, channels: ["C3", "C4"] });
  return (
    HEADER +
    stringify(
      {
        session: "virtual-lab",
        people: [
          { id: "adult", role: "adult" },
          { id: "infant", role: "infant" },
          { id: "teacher", role: "adult" },
          ...(cyton === undefined ? [] : [{ id: "infant-2", role: "infant" }]),
        ],
        devices: {
          "adult-cap": { kind: "lsl", name: LAB.adult, ...network },
          "infant-cap": { kind: "lsl", name: LAB.infant, ...network },
          "adult-heart": { kind: "lsl", name: LAB.adultEcg, ...network },
          "adult-belt": { kind: "lsl", name: LAB.belts.adult, ...network },
          "infant-belt": { kind: "lsl", name: LAB.belts.infant, ...network },
          voices: { kind: "lsl", name: LAB.voices, ...network },
          gaze: { kind: "lsl", name: LAB.gaze, ...network },
          touch: { kind: "lsl", name: LAB.touch, ...network },
          [LAB.teacher]: { kind: "attune-ws", port: websocketPort },
          ...(cyton === undefined
            ? {}
            : {
                cyton: { kind: "openbci-cyton", port: cyton, channels: LAB.eeg.map((label) => ({ label })) },
              }),
          ...(ecg === undefined ? {} : { heart: { kind: "attune-line", port: ecg } }),
        },
        streams: [
          eeg("adult", "adult-cap"),
          eeg("infant", "infant-cap"),
          eeg("teacher", LAB.teacher),
          ...(cyton === undefined ? [] : [eeg("infant-2", "cyton")]),
          { person: "adult", signal: "ecg", device: "adult-heart" },
          ...(ecg === undefined ? [] : [{ person: "infant", signal: "ecg", device: "heart" }]),
          { person: "adult", signal: "respiration", device: "adult-belt" },
          { person: "infant", signal: "respiration", device: "infant-belt" },
          { person: "adult", signal: "audio", device: "voices", channels: ["adult"] },
          { person: "infant", signal: "audio", device: "voices", channels: ["infant"] },
        ],
        markers: [
          { device: "gaze", layers: ["adult.gaze", "infant.gaze"] },
          { device: "touch", layers: ["adult.touch"] },
        ],
        phases: [{ name: "free-play", plannedSeconds: 150 }],
        recording: { folder: "recordings" },
      },
      { lineWidth: 110, aliasDuplicateObjects: false },
    )
  );
}

/** What the session has to know of a network that is not the usual one. */
function networkOf({ ports, loopbackOnly }: LslConfiguration): Record<string, unknown> {
  return {
    ...(ports?.multicastPort === undefined ? {} : { discoveryPort: ports.multicastPort }),
    ...(ports?.basePort === undefined ? {} : { basePort: ports.basePort }),
    ...(ports?.portRange === undefined ? {} : { portRange: ports.portRange }),
    ...(loopbackOnly === undefined ? {} : { loopbackOnly }),
  };
}
