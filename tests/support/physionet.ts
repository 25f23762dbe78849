import { readFileSync } from "node:fs";

/** One channel of a PhysioNet record, in millivolts, and where its beats are. */
export interface AnnotatedRecord {
  readonly samplingRate: number;
  readonly samples: Float64Array;
  /** Sample numbers of the annotated beats. */
  readonly beats: Float64Array;
}

/** Annotation codes that mark a beat: normal, bundle branch block, ectopic, paced, fusion, unclassified and so on. */
const BEAT_CODES = new Set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 25, 30, 34, 35, 38, 41]);
const SKIP = 59;
const NUM = 60;
const SUB = 61;
const CHN = 62;
const AUX = 63;

/**
 * Reads a two-channel record in WFDB format 212 (two 12-bit samples in three bytes) with its annotations.
 *
 * @param stem path without extension, such as ".../mitdb/100"
 * @param channel 0 or 1
 * @see Moody, WFDB Applications Guide, signal(5), annot(5), header(5)
 */
export function readPhysionetRecord(stem: string, channel: 0 | 1 = 0): AnnotatedRecord {
  const lines = readFileSync(`${stem}.hea`, "latin1")
    .split(/\r?\n/)
    .filter((line) => line !== "" && !line.startsWith("#"));
  const [, , rate, length] = lines[0]!.split(/\s+/);
  const [, format, gain, , zero] = lines[1 + channel]!.split(/\s+/);
  if (format !== "212") throw new Error(`${stem}: only format 212 is read here, got ${format}`);
  const bytes = readFileSync(`${stem}.dat`);
  const samples = new Float64Array(Number(length));
  for (let n = 0; n < samples.length; n++) {
    const middle = bytes[3 * n + 1]!;
    const raw =
      channel === 0 ? bytes[3 * n]! | ((middle & 0x0f) << 8) : bytes[3 * n + 2]! | ((middle & 0xf0) << 4);
    samples[n] = ((raw << 20) >> 20) / Number.parseFloat(gain!) - Number(zero) / Number.parseFloat(gain!);
  }
  return { samplingRate: Number(rate), samples, beats: readBeats(readFileSync(`${stem}.atr`)) };
}

/** Sample numbers of all beats in an annotation file of the MIT format: 6 bits of code, 10 bits of time difference. */
export function readBeats(bytes: Uint8Array): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const beats: number[] = [];
  let time = 0;
  for (let at = 0; at + 1 < bytes.length; ) {
    const word = view.getUint16(at, true);
    const code = word >> 10;
    const value = word & 0x3ff;
    at += 2;
    if (word === 0) break;
    if (code === SKIP) {
      time += (view.getInt16(at, true) << 16) + view.getUint16(at + 2, true);
      at += 4;
    } else if (code === AUX) at += value + (value & 1);
    else if (code !== NUM && code !== SUB && code !== CHN) {
      time += value;
      if (BEAT_CODES.has(code)) beats.push(time);
    }
  }
  return Float64Array.from(beats);
}
