import { primaryMeasure } from "@attune/core";
import type { CovariationMeasure, HeartMontage, HeartSettings } from "@attune/pipeline";
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
 * What hearts are analysed with: one channel of ecg a person. Undefined where nobody has one.
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
        `${person.id}'s ecg "${name}" has ${nominalSamplingRate} Hz: it is recorded, and its beats are not looked for (${SLOWEST_RATE} to ${FASTEST_RATE} Hz are needed, 500 advised)`,
      );
      return [];
    }
    const row = rowOf(own.stream, own.assignment.channels?.[0]);
    say("info", `${person.id}'s heart is taken from channel ${channels[row]!.label} of "${name}"`);
    return [{ person: { id: person.id, role: person.role }, streamId: id, nominalSamplingRate, row }];
  });
  if (people.length === 0) return undefined;
  const { hearts } = file.analysis;
  return {
    people,
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

/** The channel that the session file names, or one that looks like an ECG, or the first. */
function rowOf({ channels }: Stream, label: string | undefined): number {
  const named = channels.findIndex((channel) => channel.label.toLowerCase() === label?.toLowerCase());
  if (named >= 0) return named;
  return Math.max(
    0,
    channels.findIndex((channel) => /ecg|ekg/i.test(channel.label)),
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
