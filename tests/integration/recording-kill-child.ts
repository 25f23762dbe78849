import { openRecorder } from "@attune/recording";
import type { SessionInput } from "@attune/signal";
import { killedDyad } from "./recording-kill-dyad.ts";

/**
 * Records a simulated dyad in real time until it is killed. What is handed over to the recorder is printed before, one JSON line
 * an input: when, and for chunks the stream and where its samples end.
 */
const [path = "", seed = "1"] = process.argv.slice(2);
const dyad = killedDyad(Number(seed));
const now = (): number => Number(process.hrtime.bigint()) / 1e9;

const recorder = await openRecorder({
  path,
  session: { id: "killed", settings: { seed }, settingsHash: "none", seed: Number(seed), versions: {} },
  now,
  setTimer: (callback, seconds) => {
    const timer = setTimeout(callback, seconds * 1000);
    return { cancel: () => clearTimeout(timer) };
  },
});
for (const stream of dyad.streams) recorder.addStream(stream);

const handOver = (input: SessionInput): void => {
  const at = now();
  const end = input.kind === "samples" ? [input.streamId, input.firstSample + input.nSamples] : [];
  // Pipes are written synchronously on Linux and macOS: the line is out before the recorder is asked.
  process.stdout.write(`${JSON.stringify([at, ...end])}\n`);
  const received: SessionInput = input.kind === "samples" ? { ...input, receivedAt: at } : input;
  if (received.kind !== "analysis-lag") recorder.write(received);
  recorder.writeInput(received);
};

const start = now();
for (const input of dyad.inputs({ chunkSeconds: 0.04, withSessionTime: true })) {
  const due =
    input.kind === "samples"
      ? input.sessionTime![input.nSamples - 1]!
      : input.kind === "clock-offset"
        ? input.collectedAt + input.offset
        : input.at;
  const wait = due - (now() - start);
  if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait * 1000));
  if (input.kind === "samples") {
    const { sessionTime: _, ...causal } = input;
    handOver(causal);
  } else handOver(input);
}
