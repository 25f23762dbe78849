import { DeviceError } from "@attune/device-kit";
import { afterEach, describe, expect, test } from "vitest";
import { discover } from "./index.ts";
import { closeAll, configuration, RATE, send, watch } from "./loopback.test-support.ts";

afterEach(closeAll);

describe("finding the stream that is meant", () => {
  test("when there is no such stream, those that are there are named", async () => {
    await send({ name: "other" });
    const { device, states } = watch({ name: "cap", timeoutSeconds: 1 });
    const failure = await device.connect().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DeviceError);
    expect((failure as DeviceError).message).toContain(`No LSL stream matches name='cap' within 1 s.`);
    expect((failure as DeviceError).message).toContain(`"other" (EEG, 2 channels at ${RATE} Hz`);
    expect(states.at(-1)).toBe("idle");
  });

  test("two of one name are refused with both named, and told apart by source id", async () => {
    await send({ sourceId: "cap-1" });
    await send({ sourceId: "cap-2" });
    const first = watch({ name: "cap" });
    const failure = (await first.device.connect().catch((error: unknown) => error)) as DeviceError;
    expect(failure.retryable).toBe(false);
    for (const text of [`source id "cap-1"`, `source id "cap-2"`, "Add sourceId to the settings"])
      expect(failure.message).toContain(text);
    expect(first.states.at(-1)).toBe("failed");
    const second = watch({ name: "cap", sourceId: "cap-2" });
    await second.device.connect();
    expect(second.streams.at(-1)![0]!.sourceId).toBe("cap-2");
  });

  test("a predicate that is no XPath is refused", async () => {
    const { device } = watch({ predicate: "name='unfinished" });
    await expect(device.connect()).rejects.toMatchObject({ code: "ATTUNE_DEVICE", retryable: false });
  });

  test("a search can be called off, and close ends one", async () => {
    const { device } = watch({ name: "nobody", timeoutSeconds: 30 });
    const abort = new AbortController();
    const connecting = device.connect(abort.signal);
    const rejected = expect(connecting).rejects.toThrow("called off");
    abort.abort();
    await rejected;
    const again = expect(device.connect()).rejects.toThrow("called off");
    await device.close();
    await again;
  });

  test("everything that can be seen is listed, with settings that find it again", async () => {
    await send({ sourceId: "cap-1" });
    await send({ name: "box", sourceId: "", channelCount: 1 });
    const found = await discover(1.5, configuration);
    expect(found).toMatchObject([
      { device: "lsl", settings: { name: "box" }, streams: [{ name: "box", channels: ["1"] }] },
      {
        settings: { name: "cap", sourceId: "cap-1" },
        streams: [{ type: "EEG", channels: ["1", "2"], nominalSamplingRate: RATE }],
      },
    ]);
    const { device } = watch(found[1]!.settings);
    await device.connect();
  });
});
