import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "devices/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    pool: "forks",
    // Left to itself it leaves one core idle; most of the long tests wait rather than work.
    maxWorkers: 2,
    setupFiles: ["tests/support/property-seed.ts"],
    // Limits say that something never comes, and not how fast it is: a browser on a busy machine takes its time.
    testTimeout: 60_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 20_000 } },
    // Real browsers, processes and devices on a shared machine: one more try there, and the last lines name who needed it.
    retry: process.env.CI === "true" ? 1 : 0,
    reporters: ["default", new ClosingLine()],
  },
});
