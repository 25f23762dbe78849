import { decodeCommand, encodePageFrame, type PageCommand, type PageDocument } from "@attune/wire/page";
import { describe, expect, test } from "vitest";
import { hello, reply, standing } from "./documents.test-support.ts";
import { type PageContext, REPLACED, type SocketHandlers, sessionAddress } from "./page-context.ts";
import { PageSession } from "./page-session.ts";

/** Time that passes when it is told to, and the other end of the socket in the test's hands. */
class World {
  time = 1000;
  readonly sockets: (SocketHandlers & { readonly sent: PageCommand[] })[] = [];
  #timers: { at: number; run: () => void }[] = [];
  readonly context: PageContext = {
    now: () => this.time,
    random: () => 1,
    setTimer: (run, seconds) => {
      const timer = { at: this.time + seconds, run };
      this.#timers.push(timer);
      return () => {
        this.#timers = this.#timers.filter((each) => each !== timer);
      };
    },
    open: (handlers) => {
      const sent: PageCommand[] = [];
      this.sockets.push({ ...handlers, sent });
      return {
        send: (bytes) => {
          const command = decodeCommand(bytes);
          if ("kind" in command) throw new Error(command.reason);
          sent.push(command);
        },
        close: () => {},
      };
    },
  };

  advance(seconds: number): void {
    const end = this.time + seconds;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.#timers = this.#timers.filter((each) => each !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }

  get socket() {
    return this.sockets.at(-1)!;
  }

  say(...documents: PageDocument[]): void {
    for (const document of documents) this.socket.onBytes(encodePageFrame(document));
  }

  asked<What extends PageCommand["do"]>(what: What): Extract<PageCommand, { do: What }>[] {
    return this.socket.sent.filter((each): each is Extract<PageCommand, { do: What }> => each.do === what);
  }
}

function open() {
  const world = new World();
  const session = new PageSession(world.context);
  session.open();
  world.socket.onOpen();
  world.say(hello(), standing());
  return { world, session };
}

describe("a page's session", () => {
  test("numbers its questions and gives each its own answer, in whatever order they come", async () => {
    const { world, session } = open();
    const pause = session.send({ do: "pause" });
    const note = session.send({ do: "note", text: "door" });
    const [first, second] = [world.asked("pause")[0]!, world.asked("note")[0]!];
    expect(first.id).not.toBe(second.id);
    world.say(reply(second.id, "noted"), reply(first.id, "it is paused already", false));
    expect(await pause).toMatchObject({ ok: false, message: "it is paused already" });
    expect(await note).toMatchObject({ ok: true, message: "noted" });
  });

  test("shows answers for some seconds, and no answers to what the page asks by itself", () => {
    const { world, session } = open();
    world.say(reply(world.asked("watch")[0]!.id, "samples are sent"));
    expect(session.toasts.value).toEqual([]);
    void session.send({ do: "event", label: "fuss" });
    world.say(reply(world.asked("event")[0]!.id, "fuss"));
    expect(session.toasts.value.map(({ message }) => message)).toEqual(["fuss"]);
    world.advance(4.9);
    expect(session.toasts.value).toHaveLength(1);
    world.advance(0.2);
    expect(session.toasts.value).toEqual([]);
  });

  test("knows the session clock by pings, also for a key that was pressed some time ago", () => {
    const { world, session } = open();
    expect(world.asked("ping")).toHaveLength(1);
    world.time += 0.002;
    world.say({ kind: "pong", sentAt: 1000, at: 70.001 });
    expect(session.now()).toBeCloseTo(70.002, 6);
    expect(session.at(999.5 * 1000)).toBeCloseTo(69.5, 6);
    expect(session.clockUncertainty).toBeCloseTo(0.001, 9);
    world.advance(10);
    expect(world.asked("ping").length).toBeGreaterThan(7);
  });

  test("says when the connection is lost, answers what was under way and comes back ever more slowly", async () => {
    const { world, session } = open();
    const asked = session.send({ do: "pause" });
    world.socket.onClose(1006);
    expect(session.connection.value).toBe("lost");
    expect((await asked).ok).toBe(false);
    expect((await session.send({ do: "resume" })).ok).toBe(false);
    expect(session.standing.value).toBeDefined();

    const waits: number[] = [];
    for (let i = 0; i < 7; i++) {
      const before = world.time;
      const n = world.sockets.length;
      while (world.sockets.length === n) world.advance(0.05);
      waits.push(world.time - before);
      world.socket.onClose(1006);
    }
    expect(waits[0]).toBeLessThan(0.6);
    expect(waits.at(-1)).toBeGreaterThan(1.5);
    expect(waits.at(-1)).toBeLessThan(2.2);
    world.advance(2.1);
    world.socket.onOpen();
    expect(session.connection.value).toBe("open");
    expect(world.asked("watch")).toHaveLength(1);
  });

  test("a page that is open anew elsewhere does not come back; a program that has ended is told apart from a break", () => {
    const { world, session } = open();
    world.socket.onClose(REPLACED);
    expect(session.lossReason.value).toBe("replaced");
    world.advance(60);
    expect(world.sockets).toHaveLength(1);

    const other = open();
    other.world.socket.onClose(1001);
    expect(other.session.lossReason.value).toBe("over");
    other.world.advance(1);
    other.world.socket.onClose(1006);
    expect(other.session.lossReason.value).toBe("over");
  });

  test("tries at once when the network is back, and no socket more than one", () => {
    const { world, session } = open();
    session.retry();
    expect(world.sockets).toHaveLength(1);
    world.socket.onClose(1006);
    session.retry();
    session.retry();
    expect(world.sockets).toHaveLength(2);
    world.socket.onOpen();
    world.advance(3);
    expect(world.sockets).toHaveLength(2);
  });

  test("notices within 1.5 s that the server says nothing although the connection stands, and counts on", () => {
    const { world, session } = open();
    world.advance(1.4);
    expect(session.silentSeconds.value).toBe(0);
    world.advance(0.4);
    expect(session.silentSeconds.value).toBeGreaterThanOrEqual(1.5);
    expect(session.standingAge).toBeCloseTo(1.8, 6);
    world.advance(8);
    expect(session.silentSeconds.value).toBeGreaterThan(9);
    world.say(standing());
    expect(session.silentSeconds.value).toBe(0);
    expect(session.standingAge).toBe(0);
  });

  test("a page that slept does not say of the server that it was silent", () => {
    const { world, session } = open();
    world.time += 600;
    world.advance(0.25);
    expect(session.silentSeconds.value).toBe(0);
    world.say(standing());
    world.advance(1);
    expect(session.silentSeconds.value).toBe(0);
  });

  test("what was asked of a silent server is pending until its reply, however late", async () => {
    const { world, session } = open();
    const asked = session.send({ do: "key-down", key: "d", at: 3 });
    expect(session.pending.value).toEqual([]);
    world.advance(1);
    expect(session.pending.value).toMatchObject([{ at: 3, request: { do: "key-down", key: "d" } }]);
    world.advance(40);
    expect(session.pending.value).toHaveLength(1);
    world.say(reply(world.asked("key-down")[0]!.id, "direct"));
    expect((await asked).ok).toBe(true);
    expect(session.pending.value).toEqual([]);
  });

  test("a question that a speaking server does not answer is answered in the end", async () => {
    const { world, session } = open();
    const asked = session.send({ do: "tap", person: "infant" });
    for (let i = 0; i < 20; i++) {
      world.advance(1);
      world.say(standing());
    }
    expect((await asked).ok).toBe(false);
  });
});

test("the session lies beside the page, with its token and the page's name", () => {
  expect(sessionAddress("http://127.0.0.1:7000/", "abc")).toBe("ws://127.0.0.1:7000/session?page=abc");
  expect(sessionAddress("https://lab.local/a/?token=t#x", "abc")).toBe(
    "wss://lab.local/a/session?token=t&page=abc",
  );
});
