import { createOutlet } from "../outlet/create-outlet.ts";

/** A program with one outlet that counts up from the number given, every 2 ms, until it is killed or its parent goes. */
const { configuration, first, sourceId } = JSON.parse(process.argv[2] ?? "{}");
const outlet = await createOutlet(
  {
    name: "counter",
    type: "Test",
    channelCount: 1,
    nominalSamplingRate: 500,
    channelFormat: "double64",
    sourceId,
  },
  { configuration },
);
let count: number = first;
setInterval(() => {
  outlet.pushSample([count], count);
  count++;
}, 2);
process.on("disconnect", () => process.exit());
process.send?.("ready");
