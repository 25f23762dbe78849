import type { CovariationTotal } from "@attune/wire/page";
import { readable } from "../texts/format.ts";
import { heartsText } from "../texts/hearts.ts";

/** A measure by the states of every layer that splits it, with its counts; what is not known is said. */
export function StateTable({
  total,
  nameOf,
}: {
  total: CovariationTotal;
  nameOf: (person: string) => string;
}) {
  const { columns } = heartsText;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="hearts-table" aria-label={heartsText.byState} tabIndex={0}>
        <table>
          <caption class="visually-hidden">{heartsText.byState}</caption>
          <thead>
            <tr>
              {Object.values(columns).map((words) => (
                <th scope="col" key={words}>
                  {words}
                </th>
              ))}
            </tr>
          </thead>
          {total.byLayer.map(({ person, layer, states, mixed }) => (
            <tbody key={`${person} ${layer}`} data-layer={`${person}.${layer}`}>
              <tr>
                <th scope="rowgroup" colSpan={7}>
                  {heartsText.layerOf(person === "session" ? person : nameOf(person), readable(layer))}
                  <small>
                    {" "}
                    {states.length === 0 && `${heartsText.noState}; `}
                    {heartsText.mixed(mixed.n, decimals(mixed.mean))}
                  </small>
                </th>
              </tr>
              {states.map(({ state, inside, outside, difference, hedgesG }) => (
                <tr key={state} data-state={state}>
                  <th scope="row">{readable(state)}</th>
                  <td>{inside.n}</td>
                  <td>{decimals(inside.mean)}</td>
                  <td>{outside.n}</td>
                  <td>{decimals(outside.mean)}</td>
                  <td>{decimals(difference)}</td>
                  <td>{decimals(hedgesG)}</td>
                </tr>
              ))}
            </tbody>
          ))}
        </table>
      </section>
      <p class="hearts-detail">{heartsText.byStateHint}</p>
    </>
  );
}

const decimals = (value: number | null): string =>
  value === null ? heartsText.unknown : value.toFixed(2).replace("-", "−");
