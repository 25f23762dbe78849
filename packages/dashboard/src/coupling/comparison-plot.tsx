import type { Comparison, Hello } from "@attune/wire/page";
import { couplingText, roleWords } from "../texts/drawing.ts";
import { decimals, nameOf } from "./read-evidence.ts";

/** Each direction's difference of two conditions as a point with its interval; zero is the line that it must leave. */
export function ComparisonPlot({
  comparisons,
  people,
}: {
  comparisons: readonly Comparison[];
  people: Hello["people"];
}) {
  const first = comparisons[0];
  if (first === undefined) return <p class="coupling-detail">{couplingText.noComparison}</p>;
  const bounds = comparisons.flatMap(({ low, high, difference }) => [low ?? 0, high ?? 0, difference ?? 0]);
  const reach = Math.max(0.01, ...bounds.map(Math.abs)) * 1.1;
  const x = (value: number): number => 50 + (value / reach) * 50;
  return (
    <div class="coupling-comparisons">
      <h4>{couplingText.comparison(first.condition, first.reference)}</h4>
      {comparisons.map((c) => {
        const role = people.find(({ id }) => id === c.from)?.role ?? "adult";
        const isKnown = c.low !== null && c.high !== null && c.difference !== null;
        const words = isKnown
          ? couplingText.difference(decimals(c.difference), decimals(c.low), decimals(c.high))
          : couplingText.noInterval;
        const isDecided = isKnown && (c.low! > 0 || c.high! < 0);
        return (
          <div
            class="coupling-comparison"
            data-role={role}
            data-decided={isDecided}
            key={`${c.from}-${c.to}`}
          >
            <span class="coupling-who">
              <span class="coupling-shape" aria-hidden="true" />{" "}
              {couplingText.direction(nameOf(c.from, people, roleWords), nameOf(c.to, people, roleWords))}
            </span>
            <svg viewBox="0 0 100 16" preserveAspectRatio="none" role="img" aria-label={words}>
              <line x1="50" x2="50" y1="0" y2="16" class="coupling-zero" />
              {isKnown && (
                <rect
                  x={x(c.low!)}
                  width={Math.max(0.4, x(c.high!) - x(c.low!))}
                  y="6.2"
                  height="3.6"
                  class="coupling-interval"
                />
              )}
              {isKnown && (
                <rect x={x(c.difference!) - 0.6} width="1.2" y="2" height="12" class="coupling-point" />
              )}
            </svg>
            <span class="coupling-words">
              {words}; {couplingText.stretches(c.n, c.nReference)}
              {c.windowsToGo !== null && <em>{couplingText.toGo(Math.round(c.windowsToGo), c.condition)}</em>}
            </span>
          </div>
        );
      })}
      <div class="coupling-comparison" aria-hidden="true">
        <p class="coupling-scale">
          <span>{decimals(-reach, 2)}</span>
          <span>0</span>
          <span>{decimals(reach, 2)}</span>
        </p>
      </div>
      <p class="coupling-detail">{couplingText.interval(first.level)}</p>
    </div>
  );
}
