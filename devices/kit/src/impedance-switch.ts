import type { ByteProtocol } from "./byte-protocol.ts";
import type { Connection } from "./connection.ts";
import type { DataPath } from "./data-path.ts";

/** Switch the measuring current of a streaming board: its commands go out while data come in and are read by both sides. */
export async function switchImpedance(
  on: boolean,
  impedance: NonNullable<ByteProtocol["impedance"]>,
  connection: Connection,
  data: DataPath,
): Promise<void> {
  if (on === data.isMeasuringImpedance) return;
  data.measureImpedance(undefined);
  connection.bytesTo = "both";
  connection.link.clear();
  try {
    await (on ? impedance.begin(connection.link) : impedance.end(connection.link));
  } finally {
    // The connection may have been lost meanwhile.
    if (connection.bytesTo === "both") {
      data.resume();
      connection.bytesTo = "codec";
      connection.link.clear();
    }
  }
  if (on) data.measureImpedance(impedance);
}
