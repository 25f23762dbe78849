import type { DirectedEvidence, Hello } from "@attune/wire/page";
import { couplingText, roleWords } from "../texts/drawing.ts";
import { clockText } from "../traces/session-zero.ts";
import { decimals, nameOf } from "./read-evidence.ts";

/** Every condition and direction of a band with counts, null and doubt: the numbers behind the pictures. */
export function ConditionTable({
  values,
  people,
}: {
  values: readonly DirectedEvidence[];
  people: Hello["people"];
}) {
  const { columns } = couplingText;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="coupling-table" aria-label={couplingText.perCondition} tabIndex={0}>
      <table>
        <caption class="visually-hidden">{couplingText.perCondition}</caption>
        <thead>
          <tr>
            <th scope="col">{columns.condition}</th>
            <th scope="col">{columns.direction}</th>
            <th scope="col">{columns.nWindows}</th>
            <th scope="col">{columns.clean}</th>
            <th scope="col">{columns.value}</th>
            <th scope="col">{columns.null}</th>
            <th scope="col">{columns.corrected}</th>
            <th scope="col">{columns.z}</th>
          </tr>
        </thead>
        <tbody>
          {values.map((e) => (
            <tr
              key={`${e.condition} ${e.from} ${e.to}`}
              data-trusted={e.caveat === null}
              title={e.caveat ?? undefined}
            >
              <th scope="row">{e.condition}</th>
              <td>
                {couplingText.direction(nameOf(e.from, people, roleWords), nameOf(e.to, people, roleWords))}
                {e.caveat !== null && <small>{couplingText.notTrusted(e.caveat)}</small>}
              </td>
              <td>{e.nWindows}</td>
              <td>{clockText(e.cleanSeconds)}</td>
              <td>{decimals(e.value)}</td>
              <td>
                {e.nullMean === null
                  ? couplingText.unknown
                  : `${decimals(e.nullMean)} ± ${decimals(e.nullSd)}`}
              </td>
              <td>{decimals(e.corrected)}</td>
              <td>{decimals(e.z, 1)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
