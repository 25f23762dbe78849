import { sampleValue } from "./converted.ts";

/** A block of `[channel][sample]` numbers as sample-major values, or a sentence why not. */
export function transposeRows(
  rows: unknown,
): { readonly nChannels: number; readonly nSamples: number; readonly values: Float64Array } | string {
  if (!Array.isArray(rows) || rows.length < 1 || rows.length > 1024)
    return "data is no list of 1 to 1024 channels";
  const nChannels = rows.length;
  const first: unknown = rows[0];
  if (!Array.isArray(first) || first.length < 1 || first.length > 65_536)
    return "data[0] is no list of 1 to 65536 samples";
  const nSamples = first.length;
  for (const row of rows)
    if (!Array.isArray(row) || row.length !== nSamples) return "channels differ in their number of samples";
  const values = new Float64Array(nChannels * nSamples);
  for (let c = 0; c < nChannels; c++) {
    const row = rows[c] as unknown[];
    for (let n = 0; n < nSamples; n++) {
      const value = sampleValue(row[n]);
      if (value === undefined) return `data[${c}][${n}] is not a number`;
      values[n * nChannels + c] = value;
    }
  }
  return { nChannels, nSamples, values };
}
