import { defineConfig } from "vitest/config";
import { ClosingLine } from "./tests/support/closing-line.ts";

export default defineConfig({
  test: {
    include: ["packages/*/src/**/*.test.ts", "devices/*/src/**/*.test.ts", "tests/**/*.test.ts"],
    pool: "forks",
    setupFiles: ["tests/support/property-seed.ts"],
    testTimeout: 60_000,
    reporters: ["default", new ClosingLine()],
  },
});
