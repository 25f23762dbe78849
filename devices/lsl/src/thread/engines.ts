import { InletEngine } from "../inlet/inlet-engine.ts";
import type { InletCommand, InletEngineOptions, InletEvent } from "../inlet/inlet-messages.ts";
import type { OutletCommand, OutletEngineOptions, OutletEvent } from "../outlet/outlet-engine.ts";
import { OutletEngine } from "../outlet/outlet-engine.ts";
import type { Emit, Engine } from "./engine.ts";

export interface EngineTypes {
  readonly inlet: { options: InletEngineOptions; command: InletCommand; event: InletEvent };
  readonly outlet: { options: OutletEngineOptions; command: OutletCommand; event: OutletEvent };
}

export type EngineName = keyof EngineTypes;

export function createEngine(
  name: EngineName,
  options: EngineTypes[EngineName]["options"],
  emit: Emit<EngineTypes[EngineName]["event"]>,
): Engine<unknown> {
  const engine =
    name === "inlet"
      ? new InletEngine(options as InletEngineOptions, emit as Emit<InletEvent>)
      : new OutletEngine(options as OutletEngineOptions, emit as Emit<OutletEvent>);
  return engine as Engine<unknown>;
}
