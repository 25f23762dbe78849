import { expect, test } from "vitest";
import { FlowWindow } from "./flow-window.ts";

test("no more messages than the window are under way, and the sender is called when there is room", () => {
  const memory = FlowWindow.allocate();
  const sender = new FlowWindow(memory, 2);
  const receiver = new FlowWindow(memory, 0);
  for (let round = 0; round < 5; round++) {
    expect(sender.mayBeSent()).toBe(true);
    sender.sent();
    expect(sender.mayBeSent()).toBe(true);
    sender.sent();
    expect(sender.mayBeSent()).toBe(false);
    expect(receiver.received()).toBe(true);
    // Nobody waits any more: no second call.
    expect(receiver.received()).toBe(false);
  }
});
