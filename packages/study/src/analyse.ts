import { benjaminiHochberg, selectOrder } from "@attune/core";
import type { PersonMontage, SessionSettings } from "@attune/pipeline";
import type { Person, SessionInput, StateInterval } from "@attune/signal";
import type { Observable } from "rxjs";
import { type Collected, collect, layerKey, sessionSettings } from "./collect.ts";
import { type ConditionData, groupByCondition } from "./condition-data.ts";
import { contrastConditions } from "./contrasts.ts";
import { estimateCondition, reasonNotToReport } from "./estimate-condition.ts";
import { Estimator } from "./estimator.ts";
import { analyseEvents } from "./event-locked.ts";
import { maskRejected } from "./mask-rejected.ts";
import { undirectedMeasures } from "./other-measures.ts";
import { rejectOutliers } from "./reject-outliers.ts";
import type {
  ConditionResult,
  ContrastResult,
  Provenance,
  RecordingSummary,
  StudyDiagnostics,
  StudyResult,
} from "./result.ts";
import type { StudySettings } from "./settings.ts";
import { validateSettings } from "./validate-settings.ts";
import { drawVerdicts } from "./verdicts.ts";

export interface AnalysisRequest {
  readonly profile: string;
  readonly settings: StudySettings;
  readonly people: readonly PersonMontage[];
  /** What enters the pipeline. */
  readonly inputs: Observable<SessionInput>;
  /** The coded states as intervals, for the timeline and for nulls that cut anew. */
  readonly states: readonly StateInterval[];
  readonly recording: RecordingSummary;
  readonly provenance: Provenance;
  /** The running estimate, where it is wanted; it does not touch the study's numbers. */
  readonly live?: SessionSettings["live"];
  readonly onProgress?: (progress: AnalysisProgress) => void;
  readonly onCoupling?: Parameters<typeof collect>[1]["onCoupling"];
}

export type AnalysisProgress =
  | { readonly step: "reading"; readonly seconds: number }
  | { readonly step: "testing"; readonly condition: string; readonly done: number; readonly total: number };

/** One recording to a result: the pipeline first, the statistics after it. */
export async function analyse(request: AnalysisRequest): Promise<StudyResult> {
  const { settings, people, states } = request;
  validateSettings(settings, people);
  const layers = new Set(states.map(({ person, layer }) => layerKey(person, layer)));
  const session = sessionSettings(settings, people, layers, request.live);
  const raw = await collect(request.inputs, {
    settings: session,
    onProgress: (seconds) => request.onProgress?.({ step: "reading", seconds }),
    onCoupling: request.onCoupling,
  });
  const windows = rejectOutliers(raw.windows, people, settings);
  return summarise(request, session, { ...raw, windows });
}

/** The statistics of what the pipeline has left: conditions, contrasts, diagnostics, verdicts. */
export function summarise(
  request: Omit<AnalysisRequest, "inputs">,
  session: SessionSettings,
  collected: Collected,
): StudyResult {
  const { settings, people, states } = request;
  const data = groupByCondition(collected.windows, people, settings);
  const rows = people.map(({ person, channels }) => ({ id: person.id, nChannels: channels.length }));
  const montage = people.flatMap(({ person, channels }) =>
    channels.map(({ label }) => ({ person: person.id, channel: label })),
  );
  const estimator = new Estimator(settings, peopleRows(rows));
  const records = people
    .map(({ person }) => collected.records.find((record) => record.person === person.id))
    .filter((record) => record !== undefined);
  const clean = maskRejected(records, collected.windows);
  const undirected = settings.otherMeasures ? undirectedMeasures(data, records, settings) : undefined;
  const reportable = data.filter((each) => reasonNotToReport(each, settings) === undefined);
  const fewestWindows = Math.min(...reportable.map(({ set }) => set.nWindows));
  const conditions = data.map((each, done) => {
    request.onProgress?.({ step: "testing", condition: each.condition, done, total: data.length });
    return estimateCondition({
      estimator,
      data: each,
      everything: data,
      repetitions: { records: clean, states, session },
      undirected: undirected?.get(each.condition) ?? [],
      fewestWindows: Number.isFinite(fewestWindows) ? fewestWindows : 0,
      channelLabels: montage.map(({ channel }) => channel),
    });
  });
  const contrasts = contrastConditions(estimator, data, conditions);
  const adjusted = adjust(conditions, contrasts, settings);
  const { recording } = request;
  return {
    format: "attune-study",
    formatVersion: 1,
    profile: request.profile,
    settings,
    provenance: request.provenance,
    people: people.map(({ person }): Person => person),
    montage,
    recording,
    conditions: adjusted.conditions,
    contrasts: adjusted.contrasts,
    eventLocked: settings.eventLocked
      ? analyseEvents({ settings, people, records: clean, states, session })
      : [],
    diagnostics: diagnosticsOf(settings, reportable, peopleRows(rows), collected),
    verdicts: drawVerdicts(request.profile, settings, adjusted.conditions, adjusted.contrasts, recording),
    timeline: timelineOf(collected, states, settings),
  };
}

const peopleRows = (people: readonly { id: string; nChannels: number }[]) => {
  let firstChannel = 0;
  return people.map(({ id, nChannels }) => {
    const row = { id, firstChannel, nChannels };
    firstChannel += nChannels;
    return row;
  });
};

/** False discovery rate over the family that the settings declare, and over all links as a secondary family. */
function adjust(
  conditions: readonly ConditionResult[],
  contrasts: readonly ContrastResult[],
  settings: StudySettings,
): { conditions: ConditionResult[]; contrasts: ContrastResult[] } {
  const isPrimary = ({ band, p }: { band: string; p: number }): boolean =>
    settings.primaryBands.includes(band) && Number.isFinite(p);
  const family = benjaminiHochberg(
    conditions.flatMap(({ directions }) => directions.filter(isPrimary).map(({ p }) => p)),
  );
  const links = benjaminiHochberg(
    conditions.flatMap((condition) => condition.links.map(({ p }) => p).filter(Number.isFinite)),
  );
  const differences = benjaminiHochberg(contrasts.filter(isPrimary).map(({ p }) => p));
  let direction = 0;
  let link = 0;
  let difference = 0;
  return {
    conditions: conditions.map((condition) => ({
      ...condition,
      directions: condition.directions.map((each) => ({
        ...each,
        q: isPrimary(each) ? family[direction++]! : Number.NaN,
      })),
      links: condition.links.map((each) => ({
        ...each,
        q: Number.isFinite(each.p) ? links[link++]! : Number.NaN,
      })),
    })),
    contrasts: contrasts.map((each) => ({
      ...each,
      q: isPrimary(each) ? differences[difference++]! : Number.NaN,
    })),
  };
}

const CRITERIA = ["aic", "hq", "bic", "lnfpe"] as const;
const CRITERION_NAMES = { aic: "AIC", hq: "HQ", bic: "BIC", lnfpe: "ln FPE" } as const;

function diagnosticsOf(
  settings: StudySettings,
  data: readonly ConditionData[],
  rows: ReturnType<typeof peopleRows>,
  collected: Collected,
): StudyDiagnostics {
  const windows = data.flatMap(({ set }) => [...set.windows]);
  const nChannels = rows.reduce((sum, row) => sum + row.nChannels, 0);
  const { maxOrder, order } = settings.model;
  const selection =
    windows.length > 0
      ? selectOrder(windows, {
          nChannels,
          maxOrder: Math.max(maxOrder, order),
          criteria: CRITERIA,
          demean: false,
        })
      : undefined;
  return {
    orderSelection: {
      orders: selection === undefined ? [] : Array.from(selection.orders),
      criteria: CRITERIA.flatMap((name) => {
        const values = selection?.curves[name];
        return values === undefined
          ? []
          : [
              {
                name: CRITERION_NAMES[name],
                values: Array.from(values),
                best: selection?.minima[name] ?? Number.NaN,
              },
            ];
      }),
      used: order,
      sensitivity: sensitivityOf(settings, data, rows),
    },
    windows: countWindows(collected),
  };
}

/** The value at orders around the one used: a number that hangs on the order is not a finding. */
function sensitivityOf(
  settings: StudySettings,
  data: readonly ConditionData[],
  rows: ReturnType<typeof peopleRows>,
): StudyDiagnostics["orderSelection"]["sensitivity"] {
  const orders = [-2, -1, 0, 1, 2].map((step) => settings.model.order + step).filter((order) => order >= 1);
  return orders.flatMap((order) => {
    const estimator = new Estimator(settings, rows, order);
    return data.flatMap(({ condition, set }) => {
      const means = estimator.means(estimator.ofWindows(set.windows));
      return estimator.directions.flatMap(({ from, to }, d) =>
        settings.bands.map(({ name: band }, b) => ({
          order,
          condition,
          from,
          to,
          band,
          value: means[d * settings.bands.length + b]!,
        })),
      );
    });
  });
}

function countWindows({ windows }: Collected): StudyDiagnostics["windows"] {
  const counts = new Map<string, StudyDiagnostics["windows"]["rejected"][number]>();
  for (const labelled of windows) {
    if (labelled.kind === "accepted") continue;
    for (const { person, reason } of labelled.reasons) {
      const key = `${person}/${reason}`;
      counts.set(key, { person, reason, count: (counts.get(key)?.count ?? 0) + 1 });
    }
  }
  return {
    total: windows.length,
    accepted: windows.filter(({ kind }) => kind === "accepted").length,
    rejected: [...counts.values()].sort((a, b) => b.count - a.count),
  };
}

function timelineOf(
  collected: Collected,
  states: readonly StateInterval[],
  settings: StudySettings,
): StudyResult["timeline"] {
  const starts = collected.windows.slice(0, 1).map(({ window }) => window.start);
  return {
    startSeconds: Math.min(0, ...starts),
    endSeconds: collected.endSeconds,
    states,
    windows: collected.windows.map((labelled) => ({
      start: labelled.window.start,
      duration: settings.window.seconds,
      accepted: labelled.kind === "accepted",
      condition: labelled.condition,
      reasons:
        labelled.kind === "accepted"
          ? []
          : labelled.reasons.map(({ person, reason }) => `${person}: ${reason}`),
    })),
  };
}
