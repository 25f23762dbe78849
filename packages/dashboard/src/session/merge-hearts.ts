import type { HeartOfPerson, Hearts } from "@attune/wire/page";

/** Of intervals and of RSA; what is older is not shown. */
const KEPT_SECONDS = 150;

/** What was known of hearts and what came, as a new whole. What is told twice stands there once, as it was told last. */
export function mergeHearts(known: Hearts | undefined, more: Hearts): Hearts {
  if (known === undefined || more.isWhole) return { ...more, isWhole: true };
  const since = more.at - KEPT_SECONDS;
  return {
    ...more,
    isWhole: true,
    people: more.people.map((heart) =>
      mergeHeart(
        known.people.find(({ person }) => person === heart.person),
        heart,
        since,
      ),
    ),
    covariations: joined(
      known.covariations,
      more.covariations,
      ({ measure, from, to, start }) => `${measure} ${from} ${to} ${start}`,
    ),
  };
}

function mergeHeart(known: HeartOfPerson | undefined, more: HeartOfPerson, since: number): HeartOfPerson {
  if (known === undefined) return more;
  const recent = <Row extends { readonly at: number }>(rows: readonly Row[]): Row[] =>
    rows.filter(({ at }) => at >= since);
  return {
    ...more,
    intervals: recent(joined(known.intervals, more.intervals, ({ at, verdict }) => `${at} ${verdict}`)),
    rsaTrend: recent(joined(known.rsaTrend, more.rsaTrend, ({ at }) => `${at}`)),
  };
}

/** In the order in which they became known. */
function joined<Row>(known: readonly Row[], more: readonly Row[], identity: (row: Row) => string): Row[] {
  if (more.length === 0) return [...known];
  const rows = new Map(known.map((row) => [identity(row), row]));
  for (const row of more) rows.set(identity(row), row);
  return [...rows.values()];
}
