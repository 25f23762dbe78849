import { BehaviourCoder, type BehaviourCoderOptions, type Coded } from "./behaviour-coder.ts";
import type { CodedLayer } from "./layers.ts";

export const infantGaze: CodedLayer = {
  person: "infant",
  layer: "gaze",
  mode: "hold",
  defaultState: "unknown",
  states: [
    { state: "partner", keys: ["j"] },
    { state: "object", keys: ["k"] },
    { state: "away", keys: ["l"] },
  ],
};
export const adultGaze: CodedLayer = {
  person: "adult",
  layer: "gaze",
  mode: "toggle",
  defaultState: "unknown",
  states: [
    { state: "direct", keys: ["f", "ArrowUp"] },
    { state: "averted", keys: ["a"] },
  ],
};
export const make = (options: Partial<BehaviourCoderOptions> = {}): BehaviourCoder => {
  const coder = new BehaviourCoder({ layers: [adultGaze, infantGaze], ...options });
  coder.start(0);
  return coder;
};
export const said = ({ changes }: Coded): string[] =>
  changes.map(({ person, layer, state, at }) => `${at} ${person}.${layer}=${state}`);
