import { z } from "zod";

/** Settings that mean the same on every serial device. */

/** `port` of a device with a USB serial port of its own. */
export const usbPortField = z
  .string()
  .min(1)
  .describe("Serial port, such as /dev/ttyACM0, /dev/serial/by-id/... or COM4.");

/** `declaredLatencySeconds`: 0 to 1 s, default 0. What the protocol itself is known to take is added by the adapter. */
export const declaredLatencyField = z
  .number()
  .min(0)
  .max(1)
  .default(0)
  .describe(
    "Constant delay from electrode to port, measured with a shared trigger; subtracted in the analysis.",
  );

/** `bootSeconds` of an Arduino that takes no commands. */
export const bootSecondsField = z
  .number()
  .min(0)
  .max(30)
  .default(4)
  .describe("How long to wait for the first data: an Uno restarts when its port is opened (1 to 2 s).");

/** `vrefVolts` of an Arduino's converter. */
export const vrefVoltsField = z
  .number()
  .positive()
  .max(10)
  .describe("Reference of the converter: 5 on an Uno that runs on 5 V, 3.3 on a 3.3 V board.");
