import type { Coding } from "@attune/wire/page";
import { useState } from "preact/hooks";
import { Icon } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { clockTenths, clockTime, decimal, readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

import { CorrectForm } from "./correct-form.tsx";
import { codersOf } from "./stretches.ts";

const MOST_SHOWN = 200;

/** What was coded, newest on top. Nothing is ever changed: a correction is a row that points to the one before. */
export function RowsPanel({ page }: { page: PageModel }) {
  const coding = page.session.coding.value;
  const rows = coding?.rows ?? [];
  const [isCorrecting, setCorrecting] = useState(false);
  const mayCorrect = page.mayCode.value;
  const corrected = new Set(
    rows.flatMap(({ corrects, span }) => (corrects === null || span !== undefined ? [] : [corrects])),
  );
  const { columns } = texts.coding;
  const isOneCoder = codersOf(rows).length < 2;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard
    <section class="rows scroll" tabIndex={0} aria-label={texts.tabs.coding}>
      {mayCorrect &&
        (isCorrecting ? (
          <CorrectForm page={page} onClose={() => setCorrecting(false)} />
        ) : (
          <p>
            <button type="button" class="button" onClick={() => setCorrecting(true)}>
              <Icon name="undo" size={18} />
              {texts.correct.open}
            </button>
          </p>
        ))}
      <h3>{texts.coding.agreement}</h3>
      <Agreement agreement={coding?.agreement ?? []} compared={comparedOf(page)} />
      <h3>{texts.coding.rows}</h3>
      {rows.length === 0 ? (
        <p class="hint">{texts.coding.noRows}</p>
      ) : (
        <table class="table" aria-label={texts.coding.rows}>
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
              {!isOneCoder && <th scope="col">{columns.coder}</th>}
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
                  {!isOneCoder && <td>{row.coder}</td>}
                  <td>
                    <How row={row} zero={page.zero.value} />
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

/** How a row came about; of a correction, what it is about. */
function How({ row, zero }: { row: Coding["rows"][number]; zero: number }) {
  const { kind, corrects, span, previous } = row;
  if (span !== undefined)
    return (
      <>
        <b class="row-mark">
          <Icon name="undo" size={14} /> {texts.correct.mark}
        </b>
        <br />
        {texts.correct.of(clockTenths(span.from - zero), clockTenths(span.until - zero))},{" "}
        {texts.correct.corrects(readable(previous))}
        {corrects !== null && ` (${texts.coding.row(corrects)})`}
      </>
    );
  return <>{corrects === null ? readable(kind) : texts.correct.takesBack(texts.coding.row(corrects))}</>;
}

/** Whose codings the agreement is about: two coders of these rows, or one of them and the recording. */
function comparedOf(page: PageModel): string | undefined {
  const rows = page.session.coding.value?.rows ?? [];
  const [first, ...others] = codersOf(rows.filter(({ kind }) => kind === "state"));
  if (first === undefined) return undefined;
  const second = others.at(-1);
  if (second !== undefined) return texts.coding.compared(first, second);
  return page.session.hello.value?.mode === "replay"
    ? texts.coding.compared(texts.coding.asRecorded, first)
    : undefined;
}

interface AgreementProps {
  readonly agreement: Coding["agreement"];
  readonly compared: string | undefined;
}

function Agreement({ agreement, compared }: AgreementProps) {
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
      <p class="hint">
        {compared !== undefined && <b>{texts.coding.comparedHint(compared)} </b>}
        {texts.coding.kappaHint}
      </p>
    </>
  );
}
