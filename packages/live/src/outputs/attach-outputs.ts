import type { LiveSession } from "../session/live-session.ts";
import type { LogEntry } from "../session/session-log.ts";
import { openLslOutput } from "./lsl-output.ts";
import { openOscOutput } from "./osc-output.ts";
import type { CouplingOutput } from "./output.ts";
import { openWebSocketOutput } from "./websocket-output.ts";

/** Opens what the session file asks for and sends every coupling there. Call after `begin`. */
export async function attachOutputs(
  session: LiveSession,
  say: (entry: LogEntry) => void,
): Promise<{ close(): Promise<void> }> {
  const outputs = await openAll(session);
  const failed = new Set<string>();
  const subscription = session.couplings.subscribe((coupling) => {
    for (const output of outputs) {
      try {
        output.send(coupling);
      } catch (error) {
        if (failed.has(output.name)) continue;
        failed.add(output.name);
        say({
          at: session.now(),
          level: "warning",
          source: output.name,
          message: `cannot send: ${String(error)}`,
        });
      }
    }
  });
  for (const { name } of outputs)
    say({ at: session.now(), level: "info", source: "outputs", message: `coupling goes to ${name}` });
  return {
    close: async () => {
      subscription.unsubscribe();
      await Promise.allSettled(outputs.map((output) => output.close()));
    },
  };
}

async function openAll(session: LiveSession): Promise<CouplingOutput[]> {
  const { file } = session.loaded;
  const { lsl, osc, websocket } = file.outputs;
  const { settings } = session;
  if (settings === undefined) return [];
  const outputs: CouplingOutput[] = [];
  if (websocket !== undefined) outputs.push(await openWebSocketOutput(websocket));
  if (osc !== undefined) outputs.push(openOscOutput(osc));
  if (lsl)
    outputs.push(
      await openLslOutput({ session: file.session, settings, hostTime: (at) => session.hostTime(at) }),
    );
  return outputs;
}
