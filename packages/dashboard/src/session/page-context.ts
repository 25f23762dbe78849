/** What a connection needs of the world; a test gives it time that passes when it is told to. */
export interface PageContext {
  /** Seconds on the page's own clock, the one of `event.timeStamp`. */
  now(): number;
  /** @returns what takes it back */
  setTimer(run: () => void, seconds: number): () => void;
  /** In [0, 1): pages that lost the same server must not all come back in the same instant. */
  random(): number;
  open(handlers: SocketHandlers): PageSocket;
}

/** Tries again at once when the network is back, or somebody looks at the page again. @returns what ends it */
export function retryWhenBack(session: { retry(): void }): () => void {
  const ends = new AbortController();
  const { signal } = ends;
  window.addEventListener("online", () => session.retry(), { signal });
  document.addEventListener("visibilitychange", () => document.hidden || session.retry(), { signal });
  return () => ends.abort();
}

export interface SocketHandlers {
  onOpen(): void;
  onBytes(bytes: Uint8Array): void;
  /** Once, also for a socket that never opened. @param code of the WebSocket protocol, or the server's own */
  onClose(code: number): void;
}

export interface PageSocket {
  send(bytes: Uint8Array): void;
  close(): void;
}

/** The server's own: the same page is open anew, and this one does not come back. */
export const REPLACED = 4001;
/** The program that ran the session has ended. */
export const GOING_AWAY = 1001;

/** Address of the session of a page: beside it, with its token if it has one, and a name by which its seat is kept. */
export function sessionAddress(page: string, name: string): string {
  const address = new URL("session", page);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  address.search = new URL(page).search;
  address.searchParams.set("page", name);
  address.hash = "";
  return address.href;
}

/** The same for this tab after a reload. */
function pageName(): string {
  const made = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(16).padStart(2, "0"),
  );
  try {
    const name = sessionStorage.getItem("attune page") ?? made.join("");
    sessionStorage.setItem("attune page", name);
    return name;
  } catch {
    return made.join("");
  }
}

export function browserContext(): PageContext {
  const address = sessionAddress(location.href, pageName());
  return {
    now: () => performance.now() / 1000,
    setTimer: (run, seconds) => {
      const timer = setTimeout(run, seconds * 1000);
      return () => clearTimeout(timer);
    },
    random: () => Math.random(),
    open: ({ onOpen, onBytes, onClose }) => {
      const socket = new WebSocket(address);
      socket.binaryType = "arraybuffer";
      socket.onopen = onOpen;
      socket.onmessage = ({ data }: MessageEvent) => {
        if (data instanceof ArrayBuffer) onBytes(new Uint8Array(data));
      };
      socket.onclose = ({ code }) => onClose(code);
      return {
        send: (bytes) => socket.send(bytes as Uint8Array<ArrayBuffer>),
        close: () => socket.close(),
      };
    },
  };
}
