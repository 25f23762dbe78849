import { primaryMeasure } from "@attune/core";
import {
  type BeltMontage,
  type CovariationMeasure,
  type HeartMontage,
  type HeartSettings,
  SLOWEST_BELT_RATE,
} from "@attune/pipeline";
import type { Stream } from "@attune/signal";
import { layerKey } from "@attune/study";
import type { SessionFile } from "../session-file/schema.ts";
import type { AnalysisPlan } from "../session-file/study-settings.ts";
import type { AssignedStream } from "./assign-streams.ts";
import { codedLayers } from "./coded-layers.ts";
import { PAUSE_LAYER } from "./pause-layer.ts";

/** Hz, of what the R-peak detector takes. */
const SLOWEST_RATE = 200;
const FASTEST_RATE = 2000;
/** Hz: both people's intervals, from which RSA is made. */
const SERIES_RATE = 5;
/** Gaze of trackers and voice become known this late at most. */
const STATES_KNOWN_SECONDS = 0.5;

/**
 * What hearts are analysed with: one channel of ecg and one belt a person. Undefined where nobody has either.
 *
 * @param say told which channel is taken, and of streams that are too slow
 */
export function heartSettings(
  file: SessionFile,
  assigned: readonly AssignedStream[],
  plan: AnalysisPlan,
  say: (level: "info" | "warning", sentence: string) => void,
): HeartSettings | undefined {
  const people = file.people.flatMap((person): HeartMontage[] => {
    const own = assigned.find(
      ({ assignment }) => assignment.signal === "ecg" && assignment.person === person.id,
    );
    if (own === undefined) return [];
    const { id, name, nominalSamplingRate, channels } = own.stream;
    if (!(nominalSamplingRate >= SLOWEST_RATE && nominalSamplingRate <= FASTEST_RATE)) {
      say(
        "warning",
        `${person.id}'s ecg ${own.assignment.device} ("${name}") has ${nominalSamplingRate} Hz: it is recorded, and its beats are not looked for (${SLOWEST_RATE} to ${FASTEST_RATE} Hz are needed, 500 advised)`,
      );
      return [];
    }
    const row = rowOf(own.stream, own.assignment.channels?.[0], /ecg|ekg/i);
    say(
      "info",
      `${person.id}'s heart is taken from channel ${channels[row]!.label} of ${own.assignment.device} ("${name}")`,
    );
    return [{ person: { id: person.id, role: person.role }, streamId: id, nominalSamplingRate, row }];
  });
  const belts = beltMontages(file, assigned, say);
  if (people.length === 0 && belts.length === 0) return undefined;
  const { hearts } = file.analysis;
  return {
    people,
    ...(belts.length === 0 ? {} : { belts }),
    seriesRate: SERIES_RATE,
    rsaWindowSeconds: 15,
    rmssdWindowSeconds: 10,
    measures: [interbeatMeasure(hearts), rsaMeasure(hearts)],
    layers: splitLayers(file, plan),
    running: { person: PAUSE_LAYER.person, layer: PAUSE_LAYER.layer, state: PAUSE_LAYER.running },
    statesKnownWithinSeconds: STATES_KNOWN_SECONDS,
    latencySeconds: plan.settings.states.latencySeconds,
  };
}

/** One belt a person; those that are too slow are said and left out. */
function beltMontages(
  file: SessionFile,
  assigned: readonly AssignedStream[],
  say: (level: "info" | "warning", sentence: string) => void,
): BeltMontage[] {
  return file.people.flatMap((person): BeltMontage[] => {
    const own = assigned.find(
      ({ assignment }) => assignment.signal === "respiration" && assignment.person === person.id,
    );
    if (own === undefined) return [];
    const { id, name, nominalSamplingRate, channels } = own.stream;
    if (!(nominalSamplingRate >= SLOWEST_BELT_RATE)) {
      say(
        "warning",
        `${person.id}'s belt ${own.assignment.device} ("${name}") has ${nominalSamplingRate} Hz: it is recorded, and breaths are not looked for (${SLOWEST_BELT_RATE} Hz or more are needed)`,
      );
      return [];
    }
    const row = rowOf(own.stream, own.assignment.channels?.[0], /resp|breath|belt/i);
    say(
      "info",
      `${person.id}'s breathing is taken from channel ${channels[row]!.label} of ${own.assignment.device} ("${name}")`,
    );
    return [{ person: { id: person.id, role: person.role }, streamId: id, nominalSamplingRate, row }];
  });
}

/** The channel that the session file names, or one that looks like what is sought, or the first. */
function rowOf({ channels }: Stream, label: string | undefined, looks: RegExp): number {
  const named = channels.findIndex((channel) => channel.label.toLowerCase() === label?.toLowerCase());
  if (named >= 0) return named;
  return Math.max(
    0,
    channels.findIndex((channel) => looks.test(channel.label)),
  );
}

type HeartsOfFile = SessionFile["analysis"]["hearts"];

function interbeatMeasure({ interbeat, nullSeconds }: HeartsOfFile): CovariationMeasure {
  const { windowSeconds, stepSeconds, maxLagSeconds, removeLine = false } = primaryMeasure.options;
  const isDeclared =
    interbeat.windowSeconds === windowSeconds &&
    interbeat.stepSeconds === stepSeconds &&
    interbeat.maxLagSeconds === maxLagSeconds;
  return {
    id: isDeclared ? primaryMeasure.id : idOf("ibi", interbeat),
    series: "interbeat-interval",
    ...interbeat,
    removeLine,
    nullSeconds,
  };
}

const rsaMeasure = ({ rsa, nullSeconds }: HeartsOfFile): CovariationMeasure => ({
  id: idOf("rsa", rsa),
  series: "rsa",
  ...rsa,
  removeLine: false,
  nullSeconds,
});

const idOf = (
  series: string,
  { windowSeconds, stepSeconds, maxLagSeconds }: HeartsOfFile["interbeat"],
): string => `wlcc-mean-z-${series}-1hz-lag-${maxLagSeconds}s-window-${windowSeconds}s-step-${stepSeconds}s`;

function splitLayers(file: SessionFile, plan: AnalysisPlan): HeartSettings["layers"] {
  const { layers } = file.analysis.hearts;
  if (layers !== undefined)
    return layers.map((each) => {
      const [person = "", layer = ""] = each.split(".");
      return { person, layer };
    });
  const { states } = plan.settings;
  const has = codedLayers(file, states);
  return [
    { person: states.person, layer: states.layer },
    { person: "session", layer: "phase" },
    { person: "session", layer: "mutual-gaze" },
  ].filter(
    ({ person, layer }) => has.has(layerKey(person, layer)) || (layer === "phase" && file.phases.length > 0),
  );
}
