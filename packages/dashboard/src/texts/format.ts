import { texts } from "./texts.ts";

const NONE = "–";

/** `0:07`, `12:34`, `1:02:03`. */
export function clockTime(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const s = String(whole % 60).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return `${minutes}:${s}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${s}`;
}

/** `3:12.4`, for the moment of a key. */
export function clockTenths(seconds: number): string {
  const tenths = Math.floor(Math.max(0, seconds) * 10);
  return `${clockTime(Math.floor(tenths / 10))}.${tenths % 10}`;
}

/** The same of a moment that may lie before 0:00. */
export const signedTenths = (seconds: number): string =>
  Math.floor(Math.abs(seconds) * 10) > 0 && seconds < 0 ? `−${clockTenths(-seconds)}` : clockTenths(seconds);

/** Of what somebody types as a time: `72.5`, `1:12.5` or `1:02:03`; undefined where it is none. */
export function secondsOf(text: string): number | undefined {
  const parts = text.trim().replace(",", ".").split(":");
  if (parts.length > 3 || !parts.every((part) => /^\d+(\.\d*)?$/.test(part))) return undefined;
  return parts.reduce((sum, part) => 60 * sum + Number(part), 0);
}

/** `812 B/s`, `44.1 kB/s`, `1.20 MB/s`; decimal prefixes. */
export const bytesPerSecond = (rate: number | null): string => (rate === null ? NONE : `${bytes(rate)}/s`);

export function bytes(count: number): string {
  if (count < 1000) return `${Math.round(count)} B`;
  if (count < 1e6) return `${(count / 1000).toFixed(count < 1e5 ? 1 : 0)} kB`;
  if (count < 1e9) return `${(count / 1e6).toFixed(count < 1e8 ? 1 : 0)} MB`;
  return `${(count / 1e9).toFixed(2)} GB`;
}

/** `0.3 s`, `12 s`, `2:05`. */
export function age(seconds: number | null): string {
  if (seconds === null) return NONE;
  if (seconds < 10) return `${Math.max(0, seconds).toFixed(1)} s`;
  return seconds < 60 ? `${Math.floor(seconds)} s` : clockTime(seconds);
}

/** `45 min`, `6.5 h`, `9 d`. */
export function roomMinutes(minutes: number | null): string {
  if (minutes === null) return NONE;
  if (minutes < 120) return `${Math.floor(minutes)} min`;
  if (minutes < 48 * 60) return `${(minutes / 60).toFixed(minutes < 600 ? 1 : 0)} h`;
  return `${Math.floor(minutes / (24 * 60))} d`;
}

export const percent = (value: number | null, digits = 1): string =>
  value === null ? NONE : value.toFixed(value !== 0 && value < 0.1 ? 2 : digits);

export const hertz = (rate: number | null): string =>
  rate === null ? NONE : rate.toFixed(rate < 10 ? 2 : 1);

export const ppm = (value: number | null): string =>
  value === null ? NONE : `${value > 0 ? "+" : ""}${value.toFixed(Math.abs(value) < 10 ? 1 : 0)}`;

export const decimal = (value: number | null, digits = 2): string =>
  value === null ? NONE : value.toFixed(digits);

/** `free-play` as a person reads it. */
export const readable = (name: string): string => name.replaceAll("-", " ").replaceAll("_", " ");

/** What stands on the cap of a key. */
export function keyCap(key: string): string {
  const known = (texts.keyCaps as Readonly<Record<string, string>>)[key];
  return known ?? (key.length === 1 ? key.toUpperCase() : key);
}
