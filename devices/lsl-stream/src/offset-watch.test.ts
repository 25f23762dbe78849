import { ManualTime } from "@attune/device-kit";
import { describe, expect, test } from "vitest";
import { OffsetWatch } from "./offset-watch.ts";

describe("the watch for clock offsets", () => {
  const watch = () => {
    const time = new ManualTime();
    const warnings: string[] = [];
    const flow = { nOffsets: 0, stream: { name: "Cap" } };
    return {
      time,
      warnings,
      flow,
      watch: new OffsetWatch(time.context, (message) => warnings.push(message)),
    };
  };

  test("10 s without any are said once, with the way out", async () => {
    const { time, warnings, flow, watch: offsets } = watch();
    offsets.start(flow, "lab-pc");
    await time.advance(9.9);
    expect(warnings).toEqual([]);
    await time.advance(60);
    expect(warnings).toEqual([
      'No clock offset of "Cap" within 10 s: its samples cannot be placed in the session; check that UDP ports 16572 to 16603 pass between here and lab-pc.',
    ]);
  });

  test("offsets that come are silence, until they stop coming", async () => {
    const { time, warnings, flow, watch: offsets } = watch();
    offsets.start(flow, "");
    for (let n = 0; n < 30; n++) {
      await time.advance(2);
      flow.nOffsets++;
    }
    expect(warnings).toEqual([]);
    await time.advance(25);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain("the sender");
  });

  test("a stream that was stopped is not watched", async () => {
    const { time, warnings, flow, watch: offsets } = watch();
    offsets.start(flow, "");
    offsets.stop();
    await time.advance(60);
    expect(warnings).toEqual([]);
    expect(time.nTimers).toBe(0);
  });
});
