const light = `
  --bg: #ffffff; --fg: #1b1f24; --muted: #57606a; --line: #d0d7de; --panel: #f6f8fa; --null: #cdd3da; --shade: #eef1f4;
  --adult: #0b5cad; --adult-2: #7a3e9d; --infant: #b34700; --infant-2: #1a7348; --grey: #6a737d; --sequence: #1769b5;
  --adult-soft: #e3eefa; --infant-soft: #fdeadd;
  --alarm: #a61b12; --alarm-bg: #fdeceb; --caution: #7a4f00; --caution-bg: #fff5da;
  --note: #0b5cad; --note-bg: #eaf3fc; --good: #17633a; --good-bg: #e8f5ed;`;

const dark = `
  --bg: #14171a; --fg: #e6e8ea; --muted: #a8b1bb; --line: #3a424b; --panel: #1d2227; --null: #4b545f; --shade: #22282e;
  --adult: #6cb2ff; --adult-2: #cf9bee; --infant: #ff9d57; --infant-2: #5fd0a3; --grey: #98a2ad; --sequence: #2a6fb8;
  --adult-soft: #182a3d; --infant-soft: #38271a;
  --alarm: #ff9c93; --alarm-bg: #3a1917; --caution: #f2c14e; --caution-bg: #352a0d;
  --note: #8cc3ff; --note-bg: #14283d; --good: #7cd6a0; --good-bg: #12301f;`;

/** The report's only style sheet: system fonts, light and dark, A4. */
export const styleSheet = `
:root { color-scheme: light dark;${light} }
@media (prefers-color-scheme: dark) { :root {${dark} } }
@media print { :root { color-scheme: light;${light} } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main { max-width: 1000px; margin: 0 auto; padding: 32px 20px 64px; }
h1 { font-size: 1.75rem; line-height: 1.25; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.3rem; line-height: 1.3; margin: 56px 0 12px; padding-top: 12px; border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 24px 0 8px; }
h4 { font-size: 0.95rem; margin: 18px 0 4px; }
p { margin: 8px 0 12px; max-width: 78ch; overflow-wrap: break-word; }
a { color: var(--note); }
code { font-family: ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; font-size: 0.88em; overflow-wrap: anywhere; }
.subtitle, .small { color: var(--muted); font-size: 0.9rem; }
.answer { font-size: 1.1rem; line-height: 1.5; margin: 20px 0 12px; padding: 16px 20px; background: var(--panel); border-left: 5px solid var(--fg); border-radius: 4px; }
.answer .first { font-weight: 650; }
.answer p { max-width: none; margin: 0 0 8px; }
.answer p:last-child { margin-bottom: 0; }
.answer .small { font-size: 0.92rem; }
ul.verdicts { list-style: none; margin: 16px 0; padding: 0; }
.verdicts li { display: flex; gap: 12px; margin: 8px 0; padding: 10px 14px; border: 1px solid; border-left-width: 6px; border-radius: 4px; }
.verdicts li > span:last-child { color: var(--fg); min-width: 0; overflow-wrap: break-word; }
.verdicts .word { flex: 0 0 6.2em; font-weight: 700; }
.verdicts .alarm { color: var(--alarm); background: var(--alarm-bg); font-size: 1.06rem; }
.verdicts .caution { color: var(--caution); background: var(--caution-bg); }
.verdicts .note { color: var(--note); background: var(--note-bg); }
.verdicts .good { color: var(--good); background: var(--good-bg); }
nav ol { columns: 2; column-gap: 32px; margin: 8px 0; padding-left: 22px; font-size: 0.92rem; }
figure { margin: 16px 0 24px; }
figcaption { margin-top: 8px; color: var(--muted); font-size: 0.9rem; max-width: 90ch; }
figcaption b, caption b { color: var(--fg); }
.chart, .drawing { display: block; max-width: 100%; height: auto; font-family: inherit; }
.chart { font-size: 12px; overflow: visible; }
.chart text { white-space: pre; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(280px, 1fr)); gap: 12px; }
.panels svg { display: block; margin: 0 auto; }
.panels:has(> :nth-child(4):last-child) { grid-template-columns: repeat(2, 1fr); }
.panels > div { border: 1px solid var(--line); border-radius: 6px; padding: 8px; break-inside: avoid; min-width: 0; }
.panels > .across { grid-column: 1 / -1; }
.panels h3 { margin: 0 0 4px; font-size: 0.9rem; overflow-wrap: anywhere; }
.panels p { margin: 4px 0; font-size: 0.88rem; }
.legend { display: flex; flex-wrap: wrap; gap: 6px 20px; margin: 8px 0; padding: 0; list-style: none; font-size: 0.88rem; }
.legend li { display: flex; align-items: center; gap: 7px; }
.legend svg { flex: none; }
.direction, .nowrap { white-space: nowrap; }
th .small { font-weight: 400; }
.table { overflow-x: auto; margin: 12px 0 20px; }
table { border-collapse: collapse; font-size: 0.84rem; line-height: 1.35; width: 100%; }
caption { text-align: left; color: var(--muted); font-size: 0.9rem; padding-bottom: 6px; }
th, td { padding: 5px 7px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.group th { background: var(--panel); padding-top: 8px; }
.group .note { font-weight: 400; }
.dense { font-size: 0.78rem; }
.dense th, .dense td { padding: 4px 4.5px; }
.dense tbody tr:not(.group) th { font-weight: 400; }
thead th { border-bottom: 2px solid var(--muted); vertical-align: bottom; }
tbody th { font-weight: 600; overflow-wrap: anywhere; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.note { color: var(--muted); }
td .above { font-weight: 700; }
.na { color: var(--muted); }
.why { font-size: 0.92em; }
details { margin: 10px 0; border: 1px solid var(--line); border-radius: 6px; padding: 0 14px; }
summary { cursor: pointer; padding: 9px 0; font-weight: 600; }
dl.terms { display: grid; grid-template-columns: max-content 1fr; gap: 4px 16px; font-size: 0.92rem; }
dl.terms dt { font-weight: 600; }
dl.terms dd { margin: 0; min-width: 0; overflow-wrap: anywhere; }
footer { margin-top: 48px; border-top: 1px solid var(--line); padding-top: 12px; color: var(--muted); font-size: 0.88rem; }
:focus-visible { outline: 3px solid var(--note); outline-offset: 2px; }
@media (max-width: 720px) {
  .wide { overflow-x: auto; }
  .wide > .chart { max-width: none; }
  nav ol { columns: 1; }
}
@page { size: A4; margin: 14mm 13mm; }
@media print {
  html { font-size: 12.5px; }
  body { font-size: 1rem; line-height: 1.4; }
  .panels { grid-template-columns: repeat(3, 1fr); }
  figure:has(.panels), figure:has(h3) { break-inside: auto; }
  thead, h4, .legend { break-after: avoid; }
  figcaption { break-before: avoid; }
  .wide { break-inside: avoid; }
  tbody tr:first-child, tbody tr:nth-last-child(2), tr.group { break-after: avoid; }
  main { max-width: none; padding: 0; }
  * { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  nav { display: none; }
  details::details-content { content-visibility: visible; block-size: auto; }
  details:not([open]) > *:not(summary) { display: block; }
  h2 { margin-top: 24px; }
  h2, h3, caption { break-after: avoid; }
  figure, tr, .verdicts li, .answer { break-inside: avoid; }
  table { font-size: 7.6pt; }
  table.dense { font-size: 6.8pt; }
  .dense th, .dense td { padding: 2px 2.5px; }
  th, td { padding: 3px 4px; }
  .table { overflow: visible; }
}
`;
