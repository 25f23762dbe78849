import { Command } from "commander";
import { fromWorkingFolder, shownPath } from "../options/paths.ts";
import { numberIn } from "../options/values.ts";
import { remark, say } from "../output/write.ts";

interface SimulateLiveOptions {
  readonly out: string;
  readonly seed: number;
  readonly coupling: number;
  readonly minutes: number;
  readonly port: number;
  readonly network?: boolean;
  readonly duration?: number;
}

const example = `
Examples:
  attune simulate live
  attune simulate live --out lab --coupling 0.2      in another terminal: attune live lab/session.yaml

Two EEG headsets over Lab Streaming Layer, gaze markers, a Cyton and an ECG on serial ports (needs socat), a headset over
WebSocket, on clocks that drift apart. The truth stands in truth.json.`;

/** `attune simulate live`: a virtual laboratory on real transports. */
export function simulateLiveCommand(): Command {
  return new Command("live")
    .description("a virtual laboratory on real transports: LSL, serial ports, WebSocket")
    .option("--out <folder>", "where session.yaml, truth.json and the serial ports go", "virtual-lab")
    .option("--seed <n>", "the same seed gives the same people", numberIn({ least: 0, whole: true }), 1)
    .option("--coupling <strength>", "adult -> infant under direct gaze", numberIn({ least: 0 }), 0.1)
    .option("--minutes <n>", "how long the people live", numberIn({ above: 0 }), 240)
    .option(
      "--port <n>",
      "where the session listens for the WebSocket headset",
      numberIn({ least: 1, whole: true }),
      7650,
    )
    .option("--network", "let other computers see the LSL streams")
    .option("--duration <s>", "end by itself after so many seconds", numberIn({ above: 0 }))
    .addHelpText("after", example)
    .action(simulateLive);
}

async function simulateLive(options: SimulateLiveOptions): Promise<void> {
  const { openVirtualLab, onLoopback } = await import("@attune/live");
  const { out, seed, coupling, minutes, port, network = false, duration } = options;
  const lab = await openVirtualLab({
    folder: fromWorkingFolder(out),
    seed,
    coupling,
    minutes,
    websocketPort: port,
    onMissing: remark,
    ...(network ? {} : { lsl: onLoopback() }),
  });
  try {
    for (const device of lab.devices) say(device);
    const session = shownPath(lab.sessionPath);
    say(
      `\nIn another terminal: attune check ${session}, then attune live ${session}. Ctrl+C ends the laboratory.`,
    );
    await new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
      if (duration !== undefined) setTimeout(resolve, duration * 1000);
    });
  } finally {
    await lab.close();
  }
}
