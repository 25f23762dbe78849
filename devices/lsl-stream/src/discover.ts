import type { Discovered } from "@attune/device-kit";
import { type LslConfiguration, resolveStreams, type StreamInfo } from "@attune/lsl";
import type { Seconds } from "@attune/signal";
import { describeStream } from "./describe-stream.ts";
import { describeInfo } from "./selection.ts";

/**
 * Every LSL stream that answers within the time. Labels are numbers: only whoever opens a stream learns more.
 *
 * @param configuration other than the machine's own `lsl_api.cfg`
 */
export async function discover(
  timeout: Seconds,
  configuration?: LslConfiguration,
): Promise<readonly Discovered[]> {
  const infos = await resolveStreams({ timeoutSeconds: timeout, ...(configuration && { configuration }) });
  return infos
    .map((info) => toDiscovered(info, infos))
    .sort((a, b) => (a.title < b.title ? -1 : Number(a.title > b.title)));
}

function toDiscovered(info: StreamInfo, all: readonly StreamInfo[]): Discovered {
  const { name, type, channels, nominalSamplingRate } = describeStream("", info, 0);
  const namesakes = all.filter((other) => other.name === info.name).length;
  return {
    device: "lsl",
    title: `LSL stream ${describeInfo(info)}`,
    settings: {
      name,
      ...(info.sourceId === "" ? {} : { sourceId: info.sourceId }),
      ...(info.sourceId === "" && namesakes > 1 && info.hostname !== "" ? { hostname: info.hostname } : {}),
    },
    streams: [{ name, type, channels: channels.map(({ label }) => label), nominalSamplingRate }],
  };
}
