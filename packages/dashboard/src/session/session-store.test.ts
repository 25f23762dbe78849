import { encodePageFrame, type PageDocument, type Pong, type Reply, type Traces } from "@attune/wire/page";
import { expect, test } from "vitest";
import { hello, reply, standing, timeline } from "./documents.test-support.ts";
import { SessionStore } from "./session-store.ts";

function open() {
  const replies: Reply[] = [];
  const pongs: Pong[] = [];
  const store = new SessionStore({
    onReply: (each) => replies.push(each),
    onPong: (each) => pongs.push(each),
  });
  const say = (document: PageDocument | Traces) => store.takeBytes(encodePageFrame(document));
  return { store, say, replies, pongs };
}

const entry = (id: number, message = `line ${id}`) =>
  ({ id, at: id, level: "info", source: "cap", message }) as const;

test("the newest document of each kind is what is known", () => {
  const { store, say, replies, pongs } = open();
  say(hello());
  say(standing({ at: 1 }));
  say(standing({ at: 2 }));
  const quality = (streamId: string, at: number): PageDocument => ({
    kind: "quality",
    at,
    streamId,
    overSeconds: 5,
    channels: [],
  });
  say(quality("a", 1));
  say(quality("b", 2));
  say(quality("a", 3));
  say(reply(4, "noted"));
  say({ kind: "pong", sentAt: 1, at: 2 });
  expect(store.hello.value?.session).toBe("dyad-007");
  expect(store.standing.value?.at).toBe(2);
  expect([...store.quality.value].map(([id, { at }]) => [id, at])).toEqual([
    ["a", 3],
    ["b", 2],
  ]);
  expect(replies.map(({ to }) => to)).toEqual([4]);
  expect(pongs).toHaveLength(1);
  expect(store.faults.value.count).toBe(0);
});

test("samples go to whoever listens, and to nobody after", () => {
  const { store, say } = open();
  const heard: string[] = [];
  const stop = store.onTraces(({ streamId }) => heard.push(streamId));
  const traces: Traces = {
    kind: "traces",
    streamId: "cap/eeg",
    start: 1,
    step: 0.004,
    nChannels: 1,
    nSamples: 2,
    data: Float32Array.of(1, 2),
    isEnvelope: false,
    isPast: false,
  };
  say(traces);
  stop();
  say(traces);
  expect(heard).toEqual(["cap/eeg"]);
});

test("what cannot be read is counted and told, and changes nothing", () => {
  const { store, say } = open();
  say(standing());
  const before = store.standing.value;
  store.takeBytes(Uint8Array.of(1, 2, 3));
  const bytes = encodePageFrame(standing({ at: 7 }));
  store.takeBytes(bytes.subarray(0, bytes.length - 3));
  store.takeBytes(new TextEncoder().encode("hello"));
  expect(store.faults.value.count).toBe(3);
  expect(store.faults.value.last).not.toBe("");
  expect(store.standing.value).toBe(before);
});

test("lines of the log stand in order and once, also when they are told again", () => {
  const { store, say } = open();
  say({ kind: "log", entries: [entry(0), entry(1)] });
  say({ kind: "log", entries: [entry(1), entry(2)] });
  say({ kind: "log", entries: [entry(0, "corrected")] });
  expect(store.log.value.map(({ id, message }) => [id, message])).toEqual([
    [0, "corrected"],
    [1, "line 1"],
    [2, "line 2"],
  ]);
});

test("a seat that changes keeps what is known; another session starts from nothing", () => {
  const { store, say } = open();
  say(hello());
  say(standing());
  say({ kind: "log", entries: [entry(5)] });
  say(timeline({ events: [{ at: 1, label: "fuss", source: "page" }] }));
  say(hello({ seat: "observer" }));
  expect(store.standing.value).toBeDefined();
  expect(store.log.value).toHaveLength(1);
  say(hello({ session: "dyad-008" }));
  expect(store.standing.value).toBeUndefined();
  expect(store.log.value).toEqual([]);
  expect(store.timeline.value.events).toEqual([]);
});
