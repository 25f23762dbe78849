import { appendFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { makeFolder } from "../session/make-folder.ts";

/** Where a recording folder keeps its impedance measurements: one row a channel, tab-separated, never rewritten. */
export const impedanceFile = (folder: string): string => join(folder, "impedances.tsv");

/** Impedances of one stream, measured at one moment. */
export interface ImpedanceMeasurement {
  readonly device: string;
  readonly streamId: string;
  /** Date and time, ISO 8601. */
  readonly time: string;
  /** `kilohms` is NaN where a channel gave no number. */
  readonly channels: readonly { readonly label: string; readonly kilohms: number }[];
}

const COLUMNS = ["time", "session", "device", "stream", "channel", "kilohms"] as const;

/** Adds measurements to the folder's file. @throws when it cannot be written */
export async function storeImpedances(
  folder: string,
  session: string,
  measurements: readonly ImpedanceMeasurement[],
): Promise<void> {
  const rows = measurements.flatMap(({ device, streamId, time, channels }) =>
    channels.map(({ label, kilohms }) =>
      [
        time,
        session,
        device,
        streamId,
        asCell(label),
        Number.isFinite(kilohms) ? kilohms.toFixed(2) : "n/a",
      ].join("\t"),
    ),
  );
  if (rows.length === 0) return;
  await makeFolder(folder);
  const path = impedanceFile(folder);
  const before = await readFile(path, "utf8").catch(() => "");
  // A row that was torn by a crash must not run into the next one.
  const head = before === "" ? `${COLUMNS.join("\t")}\n` : before.endsWith("\n") ? "" : "\n";
  await appendFile(path, `${head}${rows.join("\n")}\n`, { flush: true });
}

/**
 * When a device of a session was last measured, milliseconds since 1970; undefined when the file does not say. Rows without a
 * single number are no measurement.
 */
export async function lastMeasured(
  folder: string,
  session: string,
  device: string,
): Promise<number | undefined> {
  const text = await readFile(impedanceFile(folder), "utf8").catch(() => "");
  let last: number | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [time = "", ofSession, ofDevice, , , kilohms = ""] = line.split("\t");
    const at = Date.parse(time);
    if (ofSession !== session || ofDevice !== device || Number.isNaN(at)) continue;
    if (kilohms === "" || Number.isNaN(Number(kilohms))) continue;
    if (last === undefined || at > last) last = at;
  }
  return last;
}

const asCell = (text: string): string => text.replace(/[\t\r\n]/g, " ");
