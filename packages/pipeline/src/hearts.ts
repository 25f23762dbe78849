import type {
  ClockOffset,
  Covariation,
  HeartOutput,
  Role,
  SampleChunk,
  SessionInput,
  StateChange,
} from "@attune/signal";
import { connect, filter, merge, type Observable } from "rxjs";
import { covary } from "./covary.ts";
import { findBeats } from "./find-beats.ts";
import { followBreathing } from "./follow-breathing.ts";
import { gateIntervals } from "./gate-intervals.ts";
import type { GatedHeart, HeartEvent, HeartTrend } from "./heart-events.ts";
import { heartSeries } from "./heart-series.ts";
import { heartStatus } from "./heart-status.ts";
import type { BeltMontage, HeartMontage, HeartSettings } from "./settings.ts";
import { rmssdOfIntervals, rsaOfSeries } from "./sliding-rsa.ts";

/**
 * From electrocardiogram to covariation: what happens to hearts, in order. Live, replay and batch all run this, beside
 * the stages of EEG and independent of them.
 *
 *     find-beats - gate-intervals - heart-series - sliding-rsa - covary
 *     follow-breathing
 */
export function followHearts(
  inputs: Observable<SessionInput>,
  settings: HeartSettings,
): Observable<HeartOutput> {
  return inputs.pipe(
    connect((input) => {
      const changes = input.pipe(filter((item): item is StateChange => item.kind === "state"));
      const people = settings.people.map((montage) => oneHeart(input, montage, settings));
      const belts = (settings.belts ?? []).map((montage) =>
        ofStream(input, montage).pipe(followBreathing(montage)),
      );
      return merge(...people, ...belts).pipe(
        connect((hearts) =>
          merge(
            hearts.pipe(filter((item): item is HeartOutput => item.kind !== "heart-trend")),
            ...comparisons(hearts, changes, settings),
          ),
        ),
      );
    }),
  );
}

function oneHeart(
  input: Observable<SessionInput>,
  montage: HeartMontage,
  settings: HeartSettings,
): Observable<HeartOutput | HeartTrend> {
  const { person } = montage;
  return ofStream(input, montage).pipe(
    findBeats(montage),
    connect((events) =>
      merge(
        events.pipe(filter((event): event is Extract<HeartEvent, { kind: "beat" }> => event.kind === "beat")),
        events.pipe(
          gateIntervals(person),
          connect((gated) => merge(verdicts(gated), ...measures(gated, montage, settings))),
        ),
      ),
    ),
  );
}

const ofStream = (
  input: Observable<SessionInput>,
  { streamId }: HeartMontage | BeltMontage,
): Observable<SampleChunk | ClockOffset> =>
  input.pipe(
    filter((item): item is SampleChunk | ClockOffset => "streamId" in item && item.streamId === streamId),
  );

const verdicts = (gated: Observable<GatedHeart>): Observable<HeartOutput> =>
  gated.pipe(
    filter((event): event is Extract<GatedHeart, { kind: "interbeat" }> => event.kind === "interbeat"),
  );

const measures = (
  gated: Observable<GatedHeart>,
  { person }: HeartMontage,
  settings: HeartSettings,
): Observable<HeartOutput | HeartTrend>[] => [
  gated.pipe(
    heartSeries(person.id, settings.seriesRate),
    connect((series) =>
      merge(
        series,
        series.pipe(
          filter(
            (item): item is Extract<HeartOutput, { kind: "heart-series" }> => item.kind === "heart-series",
          ),
          rsaOfSeries(person, settings),
        ),
      ),
    ),
  ),
  gated.pipe(rmssdOfIntervals(person.id, settings.rmssdWindowSeconds)),
  gated.pipe(heartStatus(person.id)),
];

/** Every pair by every measure. */
function comparisons(
  hearts: Observable<HeartOutput | HeartTrend>,
  changes: Observable<StateChange>,
  settings: HeartSettings,
): Observable<Covariation>[] {
  const trends = hearts.pipe(filter((item): item is HeartTrend => item.kind === "heart-trend"));
  return pairsOf(settings).flatMap((pair) =>
    settings.measures.map((measure) =>
      trends.pipe(
        filter(({ person, series }) => series === measure.series && pair.includes(person)),
        covary(changes, pair, measure, settings),
      ),
    ),
  );
}

/** Adults first: the first member of a pair leads where a lag is positive. */
export function pairsOf({ people }: Pick<HeartSettings, "people">): (readonly [from: string, to: string])[] {
  const ordered = [...people].sort((a, b) => RANK[a.person.role] - RANK[b.person.role]);
  return ordered.flatMap((a, i) => ordered.slice(i + 1).map((b) => [a.person.id, b.person.id] as const));
}

const RANK: Readonly<Record<Role, number>> = { adult: 0, child: 1, infant: 2 };
