import type { LiveSession } from "../session/live-session.ts";
import type { LogEntry } from "../session/session-log.ts";
import { onLoopback } from "./lsl-network.ts";
import { openLslOutput } from "./lsl-output.ts";
import { openOscOutput } from "./osc-output.ts";
import type { CouplingOutput } from "./output.ts";
import { openWebSocketOutput } from "./websocket-output.ts";

/**
 * Opens what the session file asks for and sends every coupling there, and hearts where an output has a place for them. Call after `begin`. An output that cannot be opened is
 * told as an alarm; the session and the other outputs go on.
 */
export async function attachOutputs(
  session: LiveSession,
  say: (entry: LogEntry) => void,
): Promise<{ close(): Promise<void> }> {
  const tell = (level: LogEntry["level"], source: string, message: string): void =>
    say({ at: session.now(), level, source, message });
  const outputs = await openAll(session, tell);
  const failed = new Set<string>();
  const sendAll = (send: (output: CouplingOutput) => void): void => {
    for (const output of outputs) {
      try {
        send(output);
      } catch (error) {
        if (failed.has(output.name)) continue;
        failed.add(output.name);
        tell("warning", output.name, `cannot send: ${wordsOf(error)}`);
      }
    }
  };
  const subscription = session.couplings.subscribe((coupling) => sendAll((output) => output.send(coupling)));
  subscription.add(session.hearts.subscribe((heart) => sendAll((output) => output.sendHeart?.(heart))));
  for (const { name } of outputs) tell("info", "outputs", `coupling goes to ${name}`);
  return {
    close: async () => {
      subscription.unsubscribe();
      await Promise.allSettled(outputs.map((output) => output.close()));
    },
  };
}

async function openAll(
  session: LiveSession,
  tell: (level: LogEntry["level"], source: string, message: string) => void,
): Promise<CouplingOutput[]> {
  const { file } = session.loaded;
  const { lsl, osc, websocket } = file.outputs;
  const { settings } = session;
  if (settings === undefined) {
    if (lsl !== false || osc !== undefined || websocket !== undefined)
      tell("warning", "outputs", "nothing is analysed, so no output gets anything");
    return [];
  }
  const hasCoupling = settings.people.length > 0;
  if (!hasCoupling && (lsl !== false || websocket !== undefined))
    tell("warning", "outputs", "no coupling is computed: hearts go to OSC, and other outputs get nothing");
  const openings: (readonly [string, () => CouplingOutput | Promise<CouplingOutput>])[] = [];
  if (hasCoupling && websocket !== undefined)
    openings.push(["websocket", () => openWebSocketOutput(websocket)]);
  if (osc !== undefined) openings.push(["osc", () => openOscOutput(osc)]);
  if (hasCoupling && lsl !== false)
    openings.push([
      "lsl",
      () =>
        openLslOutput({
          session: file.session,
          settings,
          conditions: session.knownConditions,
          onNewCondition: (condition, number) =>
            tell("info", "outputs", `condition ${number} of the Coupling stream is "${condition}"`),
          hostTime: (at) => session.hostTime(at),
          ...(lsl === "network" ? {} : { configuration: onLoopback() }),
        }),
    ]);
  const outputs: CouplingOutput[] = [];
  for (const [name, open] of openings) {
    try {
      outputs.push(await open());
    } catch (error) {
      tell(
        "alarm",
        "outputs",
        `${name} could not be opened, the session goes on without it: ${wordsOf(error)}`,
      );
    }
  }
  return outputs;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
