import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Side } from "./side.ts";

export interface Ports {
  readonly discovery: number;
  readonly base: number;
  readonly count: number;
  release(): Promise<void>;
}

export type Started = Side & { kill(): Promise<void> };

const SUPPORT = "../../tests/support/liblsl/";
const support = <T>(file: string): Promise<T> =>
  import(new URL(`${SUPPORT}${file}`, import.meta.url).href) as Promise<T>;

/** Ports that this run has to itself. */
export const reservePorts = async (): Promise<Ports> =>
  (await support<{ reservePorts(): Promise<Ports> }>("ports.ts")).reservePorts();

/** Whether there is a liblsl for this machine. */
export const hasLiblsl = async (): Promise<boolean> =>
  (await support<{ liblslPath(): string | undefined }>("binary.ts")).liblslPath() !== undefined;

/** The real liblsl in a process of its own; `library` is its version, such as 110 or 117. */
export async function startTheirs(ports: Ports): Promise<Started & { library: number }> {
  const { startPeer } = await support<{
    startPeer(options: { ports: Ports }): Promise<Started & { version(): Promise<{ library: number }> }>;
  }>("peer.ts");
  const peer = await startPeer({ ports });
  const { library } = await peer.version();
  return new Proxy(peer, {
    get: (target, name) => (name === "library" ? library : Reflect.get(target, name)),
  }) as unknown as Started & { library: number };
}

/** Our own LSL in a process of its own. */
export async function startOurs(ports: Ports): Promise<Started> {
  const { discovery, base, count } = ports;
  const child = fork(
    fileURLToPath(new URL("our-side.ts", import.meta.url)),
    [JSON.stringify({ discovery, base, count })],
    { serialization: "advanced" },
  );
  const waiting = new Map<number, { resolve(value: unknown): void; reject(reason: Error): void }>();
  child.on("message", (reply: { id: number; result?: unknown; error?: string }) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if (reply.error !== undefined) caller?.reject(new Error(reply.error));
    else caller?.resolve(reply.result);
  });
  child.once("exit", (code) => {
    for (const { reject } of waiting.values()) reject(new Error(`Our side ended (${code})`));
  });
  const wait = (id: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  await wait(0);
  let last = 0;
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  };
  return new Proxy({ kill } as Started, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (name === "then" || typeof name !== "string"
        ? undefined
        : (...given: unknown[]) => {
            const answer = wait(++last);
            child.send({ id: last, method: name, arguments: given });
            return answer;
          }),
  });
}
