import type { BenchmarkResult, ContenderResult, KernelResult } from "./result.ts";

const PER_SECOND = { us: 1e6, ms: 1e3, s: 1 } as const;
const SIGN = { us: "µs", ms: "ms", s: "s" } as const;

/** A result as Markdown, for the terminal and the README alike. */
export function renderResult(result: BenchmarkResult): string {
  const { kernel, figures, targets, designTextAnchors, skipped, environment } = result;
  const lines = [`### ${result.title}`, ""];
  if (kernel !== undefined) lines.push(...kernelTable(kernel));
  if (figures !== undefined)
    lines.push(
      ...alignedTable(
        [
          ["figure", "value", "unit", "note"],
          ...figures.map(({ name, value, unit, note = "" }) => [name, short(value), unit, note]),
        ],
        [1],
      ),
    );
  lines.push("");
  for (const { text, measured, isMet } of targets) {
    const verdict =
      isMet === undefined ? "not measurable here" : `${isMet ? "met" : "**missed**"}: ${short(measured!)}`;
    lines.push(`- Target ${text}: ${verdict}`);
  }
  for (const { peer, reason } of skipped) lines.push(`- Skipped ${peer}: ${reason}`);
  for (const anchor of designTextAnchors)
    lines.push(`- Design-text anchor, another machine and day: ${anchor}`);
  const python = Object.entries(environment.python ?? {}).map(([name, version]) => `, ${name} ${version}`);
  lines.push(
    `- ${environment.date.slice(0, 10)}, ${environment.cpu} (${environment.nCpus} CPUs), Node ${environment.node}${python.join("")}, load ${environment.loadBefore.toFixed(1)} to ${environment.loadAfter.toFixed(1)}`,
  );
  return lines.join("\n");
}

function kernelTable({ contenders, ratios, unit, work, nRounds }: KernelResult): string[] {
  const time = (seconds: number): string => short(seconds * PER_SECOND[unit]);
  const row = ({ name, isOurs, nSamples, p50Seconds, p95Seconds, p99Seconds }: ContenderResult): string[] => {
    const ratio = ratios.find(({ peer }) => peer === name);
    const times =
      ratio === undefined ? "1" : `${short(ratio.median)} (${short(ratio.lowest)}-${short(ratio.highest)})`;
    const label = isOurs ? `**${name}**` : name;
    return [label, time(p50Seconds), time(p95Seconds), time(p99Seconds), times, String(nSamples)];
  };
  const head = [`${work}, ${nRounds} interleaved rounds`, `p50, ${SIGN[unit]}`, "p95", "p99"];
  return alignedTable(
    [[...head, "times attune (lowest-highest round)", "runs"], ...contenders.map(row)],
    [1, 2, 3, 4, 5],
  );
}

/** Markdown whose columns line up in a terminal too. */
function alignedTable(rows: readonly (readonly string[])[], rightColumns: readonly number[]): string[] {
  const widths = rows[0]!.map((_, c) => Math.max(3, ...rows.map((row) => row[c]!.length)));
  const isRight = (c: number): boolean => rightColumns.includes(c);
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, c) => (isRight(c) ? cell.padStart(widths[c]!) : cell.padEnd(widths[c]!))).join(" | ")} |`;
  const rule = widths.map((width, c) => (isRight(c) ? `${"-".repeat(width - 1)}:` : "-".repeat(width)));
  const [head = [], ...body] = rows;
  return [line(head), line(rule), ...body.map(line)];
}

/** Three digits. */
function short(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
