import type { Reporter, TestModule } from "vitest/node";

/**
 * Ends a run with one line that any tool can read: `N passed, N failed, N skipped`, and before it names each test that
 * passed only when it was tried again, so that what is unsteady is seen and mended.
 */
export class ClosingLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const unsteady: string[] = [];
    const counts = { passed: 0, failed: 0, skipped: 0, pending: 0 };
    for (const module of modules) {
      // A module that could not be loaded has no tests to count, but it has failed.
      if (module.errors().length > 0) counts.failed++;
      for (const test of module.children.allTests()) {
        counts[test.result().state]++;
        if (test.diagnostic()?.flaky) unsteady.push(`${module.relativeModuleId}: ${test.fullName}`);
      }
    }
    process.on("exit", () => {
      for (const name of unsteady) process.stdout.write(`passed only when tried again: ${name}\n`);
      process.stdout.write(
        `${counts.passed} passed, ${counts.failed} failed, ${counts.skipped + counts.pending} skipped\n`,
      );
    });
  }
}
