import type { DirectedEvidence, Hello } from "@attune/wire/page";
import { couplingText, roleWords } from "../texts/drawing.ts";
import { decimals, nameOf, nullBand, verdictOf } from "./read-evidence.ts";

const verdictWords = {
  untrusted: "",
  unknown: couplingText.nullUnknown,
  inside: couplingText.inside,
  above: couplingText.above,
  below: couplingText.below,
} as const;

/** One direction now: the estimate, its null, how far it stands above it, or why it must not be read. */
export function NowCard({
  evidence,
  people,
  scale,
}: {
  evidence: DirectedEvidence;
  people: Hello["people"];
  scale: number;
}) {
  const verdict = verdictOf(evidence);
  const band = nullBand(evidence);
  const from = nameOf(evidence.from, people, roleWords);
  const to = nameOf(evidence.to, people, roleWords);
  const role = people.find(({ id }) => id === evidence.from)?.role ?? "adult";
  const percent = (value: number): string => `${Math.min(100, Math.max(0, (value / scale) * 100))}%`;
  return (
    <article class="coupling-now" data-verdict={verdict} data-role={role}>
      <h4>
        <span class="coupling-shape" aria-hidden="true" /> {couplingText.direction(from, to)}
      </h4>
      <p class="coupling-number">
        <strong data-number={`${evidence.from}-${evidence.to}`}>{decimals(evidence.value)}</strong>
        <span>{verdictWords[verdict]}</span>
      </p>
      <div class="coupling-gauge" aria-hidden="true">
        {band !== undefined && (
          <i
            class="coupling-null"
            style={{ left: percent(band[0]), right: `calc(100% - ${percent(band[1])})` }}
          />
        )}
        {evidence.value !== null && <i class="coupling-needle" style={{ left: percent(evidence.value) }} />}
      </div>
      <p class="coupling-detail">
        {band === undefined
          ? couplingText.nullUnknown
          : couplingText.nullBandLong(decimals(band[0]), decimals(band[1]))}
        {evidence.z !== null && `; ${couplingText.z(decimals(evidence.z, 1))}`}
      </p>
      {evidence.caveat !== null && <p class="coupling-caveat">{couplingText.notTrusted(evidence.caveat)}</p>}
    </article>
  );
}
