import type { StudyResult } from "../result.ts";

export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

/**
 * The whole result as one JSON document: `profile`, `settings`, `conditions` with their `links` and `directions`,
 * `diagnostics`, and everything else that `StudyResult` holds, under the same names and in the same order.
 *
 * JSON has no NaN: a number that does not exist (no null was computed, a condition was not reported) is `null`, and so
 * is a text that does not apply. `null` never means zero.
 */
export function toJsonDocument(result: StudyResult): JsonObject {
  return toJson(result) as JsonObject;
}

/** Any value as JSON: what JSON cannot say becomes null, typed arrays become lists. */
export function toJson(value: unknown): JsonValue {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value))
    return Array.from(value as ArrayLike<unknown>, (each) => toJson(each));
  if (typeof value !== "object" || value === null) return null;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toJson(each)]));
}

/** JSON text for people and programs: two spaces of indent, but lists of plain values on one line. */
export function writeJson(value: JsonValue, indent = ""): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (isList(value)) {
    if (value.every((each) => typeof each !== "object" || each === null))
      return `[${value.map((each) => JSON.stringify(each)).join(", ")}]`;
    return `[\n${value.map((each) => inner + writeJson(each, inner)).join(",\n")}\n${indent}]`;
  }
  const members = Object.entries(value).map(
    ([key, each]) => `${inner}${JSON.stringify(key)}: ${writeJson(each, inner)}`,
  );
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

const isList = (value: JsonValue): value is readonly JsonValue[] => Array.isArray(value);
