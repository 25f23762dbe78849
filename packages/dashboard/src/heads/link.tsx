import type { DirectedEvidence } from "@attune/wire/page";
import { decimals, nullBand, verdictOf } from "../coupling/read-evidence.ts";
import { couplingText, headsText } from "../texts/drawing.ts";

const THINNEST = 1.5;
const WIDEST = 20;
/** Height of a line of words. */
const LINE = 17;

/** Width of an arrow: its corrected value as a share of `full`. Inside chance or untrusted it stays thin. */
export function linkWidth(evidence: DirectedEvidence, full: number): number {
  if (verdictOf(evidence) !== "above" || evidence.corrected === null || full <= 0) return THINNEST;
  return THINNEST + Math.min(1, Math.max(0, evidence.corrected / full)) * (WIDEST - THINNEST);
}

/** What an arrow says: corrected value, null band, and how to read them. */
export function linkWords(evidence: DirectedEvidence): readonly string[] {
  const verdict = verdictOf(evidence);
  const band = nullBand(evidence);
  return [
    correctedWords(evidence.corrected),
    band === undefined
      ? couplingText.nullUnknown
      : couplingText.nullBand(decimals(band[0]), decimals(band[1])),
    verdict === "untrusted" ? headsText.untrusted : verdict === "unknown" ? "" : couplingText[verdict],
  ].filter((line) => line !== "");
}

/** An arrow from one head to the next with its number and null band in words. */
export function Link({
  evidence,
  role,
  from,
  to,
  y,
  full,
  isAbove,
  words,
}: {
  evidence: DirectedEvidence;
  role: string;
  from: number;
  to: number;
  y: number;
  full: number;
  /** Words stand above the arrow, else below. */
  isAbove: boolean;
  words: string;
}) {
  const verdict = verdictOf(evidence);
  const lines = linkWords(evidence);
  const width = linkWidth(evidence, full);
  const head = 9 + width * 0.75;
  const sign = Math.sign(to - from);
  const middle = (from + to) / 2;
  const top = isAbove ? y - WIDEST / 2 - 8 - LINE * lines.length : y + WIDEST / 2 + 20;
  return (
    <g
      class="heads-link"
      data-role={role}
      data-verdict={verdict}
      data-link={`${evidence.from}-${evidence.to}`}
      data-width={width.toFixed(2)}
    >
      <title>{`${words}: ${lines.join(", ")}`}</title>
      <line x1={from} x2={to - sign * head} y1={y} y2={y} stroke-width={width} />
      <path d={`M${to} ${y}l${-sign * head} ${-head * 0.62}v${head * 1.24}z`} />
      <text x={middle} y={top} text-anchor="middle" class="heads-link-title">
        {words}
      </text>
      {lines.map((line, n) => (
        <text
          key={line}
          x={middle}
          y={top + LINE * (n + 1)}
          text-anchor="middle"
          class={n === 0 ? "heads-link-value" : "heads-link-words"}
        >
          {line}
        </text>
      ))}
    </g>
  );
}

const correctedWords = (corrected: number | null): string =>
  corrected !== null && corrected < 0
    ? `${decimals(-corrected)} ${couplingText.below}`
    : `${decimals(corrected)} ${couplingText.corrected}`;
