import { expect, test } from "vitest";
import {
  age,
  bytes,
  bytesPerSecond,
  clockTenths,
  clockTime,
  keyCap,
  percent,
  ppm,
  readable,
  roomMinutes,
  secondsOf,
} from "./format.ts";

test("times are told as a person reads a clock", () => {
  expect([7, 754.9, 3723, -2].map(clockTime)).toEqual(["0:07", "12:34", "1:02:03", "0:00"]);
  expect([0.04, 59.96, 60, 192.46].map(clockTenths)).toEqual(["0:00.0", "0:59.9", "1:00.0", "3:12.4"]);
  expect([null, 0.26, 12.9, 125].map(age)).toEqual(["–", "0.3 s", "12 s", "2:05"]);
});

test("amounts carry their unit", () => {
  expect([812, 44_100, 441_000, 1_200_000, 5.5e9].map(bytes)).toEqual([
    "812 B",
    "44.1 kB",
    "441 kB",
    "1.2 MB",
    "5.50 GB",
  ]);
  expect(bytesPerSecond(null)).toBe("–");
  expect([null, 45.9, 390, 1500, 20_160].map(roomMinutes)).toEqual(["–", "45 min", "6.5 h", "25 h", "14 d"]);
  expect([0, 0.04, 3.14, null].map((value) => percent(value))).toEqual(["0.0", "0.04", "3.1", "–"]);
  expect([null, 3.2, -41.6].map(ppm)).toEqual(["–", "+3.2", "-42"]);
});

test("keys are shown as they are printed", () => {
  expect(["d", " ", "F2", "ArrowLeft", "Backspace"].map(keyCap)).toEqual(["D", "Space", "F2", "←", "⌫"]);
  expect(readable("experimenter-enters")).toBe("experimenter enters");
});

test("a time is read as people type it, and what is none is none", () => {
  expect(["72.5", "1:12.5", " 1:02:03 ", "0:07,4", "12."].map(secondsOf)).toEqual([
    72.5, 72.5, 3723, 7.4, 12,
  ]);
  expect(["", "a", "1:", "-3", "1:2:3:4", "1e3"].map(secondsOf)).toEqual(Array(6).fill(undefined));
});
