import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "devices/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    pool: "forks",
    // Left to itself it leaves one core idle; most of the long tests wait rather than work.
    maxWorkers: 2,
    setupFiles: ["tests/support/property-seed.ts"],
    testTimeout: 60_000,
    reporters: ["default", new ClosingLine()],
  },
});
