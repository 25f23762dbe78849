import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FRAME_FLAGS } from "@attune/device-kit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LineCodec } from "./codec.ts";
import { parseHeader } from "./header.ts";
import { lineScale } from "./scale.ts";

const sketch = join(import.meta.dirname, "../sketch/attune-ad8232/attune-ad8232.ino");
const haveCompiler = spawnSync("g++", ["--version"], { stdio: "ignore" }).status === 0;
if (!haveCompiler && process.env.CI === "true") throw new Error("g++ is missing, and CI needs it");

/** As much of an Uno as the sketch touches: registers as variables, the port as standard output. */
const ARDUINO = `
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#define __AVR_ATmega328P__ 1
#define F_CPU 16000000L
#define _BV(bit) (1 << (bit))
#define ISR(name) void name()
#define F(text) text
#define INPUT 0
#define INPUT_PULLUP 2
#define FALLING 2
enum { WGM12 = 3, CS10 = 0, CS11 = 1, OCF1B = 2, REFS0 = 6, ADTS0 = 0, ADTS2 = 2,
       ADEN = 7, ADATE = 5, ADIE = 3, ADPS2 = 2, ADPS1 = 1, ADPS0 = 0, PINB2 = 2, PINB3 = 3 };
static uint8_t TCCR1A, TCCR1B, TIMSK1, TIFR1, DIDR0, ADMUX, ADCSRA, ADCSRB, PINB;
static uint16_t TCNT1, OCR1A, OCR1B, ADC;
static uint32_t nowMicros;
static void (*markerHandler)();
inline uint32_t micros() { return nowMicros; }
inline void noInterrupts() {}
inline void interrupts() {}
inline void pinMode(int, int) {}
inline int digitalPinToInterrupt(int pin) { return pin - 2; }
inline void attachInterrupt(int, void (*handler)(), int) { markerHandler = handler; }
struct Port {
  std::string in;
  void begin(long) {}
  int available() { return (int)in.size(); }
  int read() { int c = in.empty() ? -1 : (unsigned char)in[0]; if (c >= 0) in.erase(0, 1); return c; }
  void write(const uint8_t *bytes, size_t n) { fwrite(bytes, 1, n, stdout); }
  void print(const char *text) { fputs(text, stdout); }
};
static Port Serial;
`;

/** 500 samples per second from a clock that is about to wrap; then a queue that overflows; then stop and begin. */
const MAIN = `
#include "Arduino.h"
#include "sketch.cpp"
static uint32_t k = 0;
static void sample() { nowMicros += 2000; ADC = (uint16_t)((k * 7) % 1024); k++; ADC_vect(); }
int main() {
  nowMicros = 4294967295u - 50000u;
  setup();
  sample(); loop();
  Serial.in = "?xb"; loop();
  k = 0;
  for (int i = 0; i < 100; i++) { sample(); loop(); }
  PINB = _BV(PINB2); sample(); loop();
  PINB = _BV(PINB3); sample(); loop();
  PINB = 0; markerHandler(); sample(); loop();
  sample(); loop();
  for (int i = 0; i < 50; i++) sample();
  loop();
  for (int i = 0; i < 10; i++) { sample(); loop(); }
  Serial.in = "s"; loop();
  for (int i = 0; i < 5; i++) { sample(); loop(); }
  Serial.in = "b"; loop();
  for (int i = 0; i < 5; i++) { sample(); loop(); }
  fprintf(stderr, "%u %u %u %u %u\\n", TCCR1B, OCR1A, ADMUX, ADCSRA, ADCSRB);
}
`;

describe.skipIf(!haveCompiler)(
  "the sketch, compiled for this machine (skipped when g++ is not installed)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "attune-sketch-"));
    let output = "";
    let registers: number[] = [];

    beforeAll(() => {
      writeFileSync(join(folder, "Arduino.h"), ARDUINO);
      writeFileSync(join(folder, "main.cpp"), MAIN);
      writeFileSync(join(folder, "sketch.cpp"), `#include "${sketch}"\n`);
      const flags = ["-std=gnu++11", "-Wall", "-Wextra", "-Wconversion", "-Werror", `-I${folder}`];
      const built = spawnSync("g++", [...flags, join(folder, "main.cpp"), "-o", join(folder, "sketch")], {
        encoding: "utf8",
      });
      expect(built.stderr).toBe("");
      const run = spawnSync(join(folder, "sketch"), { encoding: "latin1" });
      output = run.stdout;
      registers = run.stderr.trim().split(" ").map(Number);
    });
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    const ascii = (text: string): Uint8Array => Uint8Array.from(text, (c) => c.charCodeAt(0));

    test("sends its header on boot and on ?, and nothing else before b", () => {
      const [boot, asked, first] = output.split("\n");
      expect(boot).toBe("#ATTUNE 1 rate=500 ch=ecg unit=adc vref=5.0 bits=10 gain=0");
      expect(asked).toBe(boot);
      expect(first).toMatch(/^\$0,/);
      expect(parseHeader(boot!)).toMatchObject({ samplingRate: 500, vrefVolts: 5, gain: Number.NaN });
    });

    test("its lines are what the codec reads: numbers, values, flags, time across the wrap, the overrun counted", () => {
      const header = parseHeader(output.split("\n")[0]!);
      const scale = { ...lineScale(header), zero: 0, unitsPerCount: 1 };
      const codec = new LineCodec({ nChannels: 1, samplingRate: 500, scale });
      const batch = codec.push(ascii(output));
      const n = batch.nFrames;
      const seqs = [...batch.counter.subarray(0, n)];
      // 104 singly, 31 that the queue held of 50, 10 more, and 5 after the second b.
      const queued = Array.from({ length: 31 }, (_, i) => 104 + i);
      const later = Array.from({ length: 10 }, (_, i) => 154 + i);
      expect(seqs).toEqual([...Array(104).keys(), ...queued, ...later, 0, 1, 2, 3, 4]);
      expect([...batch.values.subarray(0, n - 5)]).toEqual(seqs.slice(0, -5).map((k) => (k * 7) % 1024));
      const times = batch.deviceTime.subarray(0, n - 5);
      for (let i = 0; i < n - 5; i++) expect(times[i]! - times[0]!).toBeCloseTo(seqs[i]! * 0.002, 9);
      const flagged = seqs.slice(0, -5).filter((_, i) => batch.flags[i] !== 0);
      expect(flagged).toEqual([100, 101, 102]);
      expect([...batch.flags.subarray(100, 104)]).toEqual([
        FRAME_FLAGS.leadOff,
        FRAME_FLAGS.leadOff,
        FRAME_FLAGS.marker,
        0,
      ]);
      expect(codec.counters).toMatchObject({ overruns: 1, checksumErrors: 0, bytesSkipped: 0, tooLong: 0 });
    });

    test("no line is longer than the 34 bytes that the baud rate was reckoned with", () => {
      expect(
        Math.max(
          ...output
            .split("\n")
            .filter((l) => l.startsWith("$"))
            .map((l) => l.length + 1),
        ),
      ).toBeLessThanOrEqual(34);
    });

    test("timer 1 clears at 16 MHz / 64 / 500 and starts the converter, which runs at 125 kHz against the supply", () => {
      const [tccr1b, ocr1a, admux, adcsra, adcsrb] = registers;
      expect(tccr1b).toBe(0b0000_1011);
      expect(ocr1a).toBe(499);
      expect(admux).toBe(0b0100_0000);
      expect(adcsra).toBe(0b1010_1111);
      expect(adcsrb).toBe(0b101);
    });
  },
);
