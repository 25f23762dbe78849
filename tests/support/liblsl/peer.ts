import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { liblslPath } from "./binary.ts";
import type { PeerMethod, PeerMethods, PeerReply } from "./messages.ts";
import type { PortRange } from "./ports.ts";

export interface PeerOptions {
  readonly ports: PortRange;
  /** Other entries of `lsl_api.cfg`, by section: `{ tuning: { WatchdogCheckInterval: 1 } }`. */
  readonly configuration?: Readonly<Record<string, Readonly<Record<string, string | number>>>>;
  /** Runs the process in a time namespace whose monotonic clock is that many whole seconds ahead. Needs `canShiftClock`. */
  readonly clockAheadSeconds?: number;
}

/** liblsl in a process of its own: every call of `PeerMethods`, each answered by a promise. */
export type Peer = {
  readonly [M in keyof PeerMethods]: (
    ...given: Parameters<PeerMethods[M]>
  ) => Promise<ReturnType<PeerMethods[M]>>;
} & {
  /** Stops the process where it stands (SIGSTOP), as a frozen peer. */
  freeze(): void;
  thaw(): void;
  /** Ends it without a goodbye (SIGKILL). Also for the end of a test; idempotent. */
  kill(): Promise<void>;
};

/** `lsl_api.cfg` that keeps liblsl on loopback, on ports of its own, and able to find several outlets of one host. */
function configurationText({ ports, configuration = {} }: PeerOptions): string {
  const sections: Record<string, Record<string, string | number>> = {
    ports: {
      MulticastPort: ports.discovery,
      BasePort: ports.base,
      PortRange: ports.count,
      IPv6: "disable",
    },
    multicast: {
      ResolveScope: "machine",
      AddressesOverride: "{127.0.0.1}",
      Interfaces: "{127.0.0.1}",
      ListenAddress: "127.0.0.1",
    },
    lab: { KnownPeers: "{127.0.0.1}" },
  };
  for (const [section, entries] of Object.entries(configuration))
    sections[section] = { ...sections[section], ...entries };
  return Object.entries(sections)
    .map(
      ([section, entries]) =>
        `[${section}]\n${Object.entries(entries)
          .map(([key, value]) => `${key} = ${value}\n`)
          .join("")}`,
    )
    .join("");
}

/**
 * Starts liblsl in a child process. Its folder holds the `lsl_api.cfg`, which is where every version looks.
 *
 * @throws when there is no binary (see `describeWithLiblsl`) or the process dies at once
 */
export async function startPeer(options: PeerOptions): Promise<Peer> {
  const library = liblslPath();
  if (library === undefined) throw new Error("There is no liblsl for this machine.");
  const folder = await mkdtemp(join(tmpdir(), "attune-liblsl-"));
  await writeFile(join(folder, "lsl_api.cfg"), configurationText(options));
  const { LSLAPICFG: _, ...environment } = process.env;
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  const ahead = options.clockAheadSeconds;
  const child = fork(join(import.meta.dirname, "process.ts"), [library], {
    cwd: folder,
    env: environment,
    serialization: "advanced",
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execPath: ahead === undefined ? process.execPath : "unshare",
    execArgv: [
      ...(ahead === undefined
        ? []
        : ["--time", "--monotonic", String(ahead), "--fork", "--kill-child", process.execPath]),
      "--import",
      tsx,
    ],
  });
  let complaint = "";
  // liblsl logs to stderr; it is shown only when something went wrong.
  child.stderr?.on("data", (text: Buffer) => {
    complaint = (complaint + text.toString()).slice(-4000);
  });
  const calls = answerCalls(child, () => complaint);
  const killOnExit = () => child.kill("SIGKILL");
  process.once("exit", killOnExit);
  const kill = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    process.off("exit", killOnExit);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await calls.ready;
  } catch (error) {
    await kill();
    throw error;
  }
  const own = {
    freeze: () => void child.kill("SIGSTOP"),
    thaw: () => void child.kill("SIGCONT"),
    kill,
  };
  return new Proxy(own, {
    get: (target, name) =>
      Reflect.get(target, name) ??
      (name === "then" || typeof name !== "string"
        ? undefined
        : (...given: unknown[]) => calls.call(name as PeerMethod, given)),
  }) as unknown as Peer;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(reason: Error): void;
}

function answerCalls(child: ChildProcess, complaint: () => string) {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  const wait = (id: number) =>
    new Promise<unknown>((resolve, reject) => waiting.set(id, { resolve, reject }));
  const ready = wait(0);
  child.on("message", (reply: PeerReply) => {
    const caller = waiting.get(reply.id);
    waiting.delete(reply.id);
    if ("error" in reply) caller?.reject(new Error(`liblsl peer: ${reply.error}`));
    else caller?.resolve(reply.result);
  });
  const fail = (why: string) => {
    for (const { reject } of waiting.values()) reject(new Error(`liblsl peer ${why}\n${complaint()}`));
    waiting.clear();
  };
  child.once("error", (error) => fail(String(error)));
  child.once("exit", (code, signal) => fail(`ended (${signal ?? code})`));
  return {
    ready,
    call(method: PeerMethod, given: readonly unknown[]): Promise<unknown> {
      if (!child.connected) return Promise.reject(new Error(`liblsl peer is gone; ${method} was asked`));
      const id = ++last;
      const answer = wait(id);
      child.send({ id, method, arguments: given });
      return answer;
    },
  };
}
