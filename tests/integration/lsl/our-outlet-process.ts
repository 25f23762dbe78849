/** A process with an outlet of ours whose channel 0 counts from the number given. Ends with its parent. */
import { createOutlet, type LslConfiguration } from "@attune/lsl";

const RATE = 250;
const { name, firstSample, configuration } = JSON.parse(process.argv[2]!) as {
  name: string;
  firstSample: number;
  configuration: LslConfiguration;
};
const outlet = await createOutlet(
  {
    name,
    type: "EEG",
    channelCount: 2,
    nominalSamplingRate: RATE,
    channelFormat: "double64",
    sourceId: name,
  },
  { configuration },
);
let next = firstSample;
setInterval(() => {
  const values = Float64Array.from({ length: 10 }, (_, k) => next + Math.floor(k / 2) + (k % 2));
  outlet.pushChunk(values);
  next += 5;
}, 20);
process.on("disconnect", () => process.exit(0));
process.send?.("ready");
