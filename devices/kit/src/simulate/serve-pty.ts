import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, lstatSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeviceContext } from "../device-type.ts";
import { DeviceError } from "../errors.ts";
import { systemContext } from "../host-clock.ts";
import type { BoardSimulator } from "./board-simulator.ts";
import { serveSimulator } from "./serve-simulator.ts";

const READY_TIMEOUT_SECONDS = 5;

/** A program that dies leaves none of them behind. */
const running = new Set<ChildProcess>();
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

export interface ServedPty {
  /** Open this as the serial port. */
  readonly path: string;
  /** The port vanishes, as when the plug is pulled. */
  unplug(): void;
  /** The port is there again; the simulator kept its state and its time went on. */
  replug(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A simulated board behind a pseudo-terminal, which programs open as a serial port. Runs `socat` (Linux, macOS), which
 * makes the terminal, and feeds it over a Unix socket. While nobody has the port open the board streams into the void,
 * so that who opens it gets fresh bytes. After it was closed it is ready again within some 20 ms. Baud rates are accepted
 * and mean nothing.
 *
 * @param link where the port appears, such as `/tmp/attune-cyton`
 * @throws DeviceError when socat is missing
 */
export async function servePty({
  simulator,
  link,
  context = systemContext,
}: {
  simulator: BoardSimulator;
  link: string;
  context?: DeviceContext;
}): Promise<ServedPty> {
  const folder = mkdtempSync(join(tmpdir(), "attune-board-"));
  const socketPath = join(folder, "board.sock");
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    serveSimulator({ simulator, stream: socket, context });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(socketPath, resolve);
  });
  let plugged = false;
  let socat: ChildProcess | undefined;

  async function plug(): Promise<void> {
    rmSync(link, { force: true });
    const child = spawn(
      "socat",
      // Opens the socket only when somebody opens the port; ends when the port is closed.
      [`pty,rawer,wait-slave,pty-interval=0.005,link=${link}`, `unix-connect:${socketPath}`],
      { stdio: "ignore" },
    );
    socat = child;
    running.add(child);
    let failure: Error | undefined;
    child.once("error", (error) => {
      failure = error;
      running.delete(child);
    });
    child.once("exit", () => {
      running.delete(child);
      // Whoever had the port open has closed it: make it ready for the next.
      if (plugged && socat === child) plug().catch(() => undefined);
    });
    const giveUpAt = context.now() + READY_TIMEOUT_SECONDS;
    while (!isLink(link)) {
      if (failure || context.now() > giveUpAt)
        throw new DeviceError(
          failure
            ? `socat is needed to simulate a serial port and could not be run (${failure.message}); install it, for instance with "sudo apt-get install socat".`
            : `socat made no pseudo-terminal at ${link} within ${READY_TIMEOUT_SECONDS} s; check that the folder is writable.`,
          { cause: failure, retryable: false },
        );
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  function unplug(): void {
    plugged = false;
    socat?.kill("SIGKILL");
    socat = undefined;
    for (const socket of sockets) socket.destroy();
    rmSync(link, { force: true });
  }

  async function close(): Promise<void> {
    const child = socat;
    unplug();
    if (child && child.exitCode === null && child.signalCode === null && child.pid !== undefined)
      await new Promise((resolve) => child.once("exit", resolve));
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true, force: true });
  }

  async function replug(): Promise<void> {
    if (plugged) return;
    plugged = true;
    await plug();
  }

  try {
    await replug();
  } catch (error) {
    await close();
    throw error;
  }
  return { path: link, unplug, replug, close };
}

const isLink = (path: string): boolean => existsSync(path) && lstatSync(path).isSymbolicLink();
