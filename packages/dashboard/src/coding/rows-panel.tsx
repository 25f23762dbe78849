import type { Coding } from "@attune/wire/page";
import type { PageModel } from "../shell/page-model.ts";
import { clockTenths, clockTime, decimal, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

const MOST_SHOWN = 200;

/** What was coded, newest on top. Nothing is ever changed: a correction is a row that points to the one before. */
export function RowsPanel({ page }: { page: PageModel }) {
  const coding = page.session.coding.value;
  const rows = coding?.rows ?? [];
  const corrected = new Set(rows.flatMap(({ corrects }) => (corrects === null ? [] : [corrects])));
  const { columns } = texts.coding;
  return (
    <div class="rows">
      <h3>{texts.coding.agreement}</h3>
      <Agreement agreement={coding?.agreement ?? []} />
      <h3>{texts.coding.rows}</h3>
      {rows.length === 0 ? (
        <p class="hint">{texts.coding.noRows}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
        <section class="scroll rows-scroll" tabIndex={0} aria-label={texts.coding.rows}>
          <table class="table">
            <thead>
              <tr>
                <th scope="col" class="is-number">
                  #
                </th>
                <th scope="col" class="is-number">
                  {columns.time}
                </th>
                <th scope="col">{columns.what}</th>
                <th scope="col">{columns.state}</th>
                <th scope="col">{columns.coder}</th>
                <th scope="col">{columns.kind}</th>
              </tr>
            </thead>
            <tbody>
              {rows
                .slice(-MOST_SHOWN)
                .reverse()
                .map((row) => (
                  <tr key={row.index} class={corrected.has(row.index) ? "is-corrected" : ""}>
                    <td class="is-number">{row.index}</td>
                    <td class="is-number">{clockTenths(row.at - page.zero.value)}</td>
                    <td>
                      {row.person} {readable(row.layer)}
                    </td>
                    <td>
                      <b>{readable(row.state)}</b>
                    </td>
                    <td>{row.coder}</td>
                    <td>
                      {readable(row.kind)}
                      {row.corrects !== null &&
                        `, ${columns.corrects.toLowerCase()} ${texts.coding.row(row.corrects)}`}
                    </td>
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
      )}
    </div>
  );
}

function Agreement({ agreement }: { agreement: Coding["agreement"] }) {
  const { columns } = texts.coding;
  if (agreement.length === 0) return <p class="hint">{texts.coding.noAgreement}</p>;
  return (
    <>
      <table class="table">
        <thead>
          <tr>
            <th scope="col">{columns.what}</th>
            <th scope="col" class="is-number">
              {columns.kappa}
            </th>
            <th scope="col" class="is-number">
              {columns.observed}
            </th>
            <th scope="col" class="is-number">
              {columns.seconds}
            </th>
          </tr>
        </thead>
        <tbody>
          {agreement.map(({ person, layer, kappa, observed, seconds }) => (
            <tr key={`${person} ${layer}`}>
              <td>
                {person} {readable(layer)}
              </td>
              <td class="is-number">
                <b>{decimal(kappa)}</b>
              </td>
              <td class="is-number">{observed === null ? "–" : `${(100 * observed).toFixed(0)} %`}</td>
              <td class="is-number">{clockTime(seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p class="hint">{texts.coding.kappaHint}</p>
    </>
  );
}
