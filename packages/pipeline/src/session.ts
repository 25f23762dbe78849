import type {
  AlignedChunk,
  AnalysisLag,
  ClockOffset,
  Coupling,
  HeartOutput,
  LabelledWindow,
  SampleChunk,
  SessionInput,
  StateChange,
} from "@attune/signal";
import { connect, EMPTY, filter, merge, type Observable } from "rxjs";
import { align } from "./align.ts";
import { condition } from "./condition.ts";
import { couple } from "./couple.ts";
import { cutWindows } from "./cut-windows.ts";
import { guardArtefacts } from "./guard-artefacts.ts";
import { followHearts } from "./hearts.ts";
import { labelStates } from "./label-states.ts";
import { markStill } from "./mark-still.ts";
import { applyMontage } from "./montage.ts";
import { rejectLate } from "./reject-late.ts";
import { screenWindows } from "./screen-windows.ts";
import { hopSamples, type PersonMontage, type SessionSettings, windowSamples } from "./settings.ts";
import { testAgainstNull } from "./test-against-null.ts";

/** What leaves a session, in the order in which it becomes known. */
export type SessionOutput = AlignedChunk | LabelledWindow | Coupling | HeartOutput;

/**
 * From sample to coupling and covariation: what happens to a chunk, in order. Live, replay and batch all run this.
 *
 * Every stage has its state per subscription and per stream; the whole chain is synchronous, so a source that waits for
 * `next` to return never runs ahead of it.
 * What one input brings of EEG leaves before what it brings of hearts.
 */
export function runSession(
  inputs: Observable<SessionInput>,
  settings: SessionSettings,
): Observable<SessionOutput> {
  const { hearts } = settings;
  if (hearts === undefined) return runBrains(inputs, settings);
  if (settings.people.length === 0) return followHearts(inputs, hearts);
  return inputs.pipe(connect((input) => merge(runBrains(input, settings), followHearts(input, hearts))));
}

function runBrains(
  inputs: Observable<SessionInput>,
  settings: SessionSettings,
): Observable<AlignedChunk | LabelledWindow | Coupling> {
  return inputs.pipe(
    connect((input) => {
      const changes = input.pipe(filter((item): item is StateChange => item.kind === "state"));
      const lags = input.pipe(filter((item): item is AnalysisLag => item.kind === "analysis-lag"));
      const clean = merge(...settings.people.map((montage) => cleanStream(input, montage, settings)));
      return clean.pipe(
        connect((samples) => {
          const windows = samples.pipe(cutAndScreen(settings, lags), labelStates(changes, settings.states));
          const coupled = windows.pipe(connect((labelled) => merge(labelled, estimate(labelled, settings))));
          return merge(samples, coupled);
        }),
      );
    }),
  );
}

/** One person's channels: picked, on the session grid, filtered. */
function cleanStream(
  input: Observable<SessionInput>,
  montage: PersonMontage,
  settings: SessionSettings,
): Observable<AlignedChunk> {
  const nChannels = montage.channels.length;
  const { gridRate, analysisRate, filter: filterSettings } = settings;
  const { person, nominalSamplingRate } = montage;
  return input.pipe(
    filter(
      (item): item is SampleChunk | ClockOffset => "streamId" in item && item.streamId === montage.streamId,
    ),
    markStill(montage, settings.artefacts),
    applyMontage(montage),
    align({ person: person.id, nChannels, nominalSamplingRate, gridRate }),
    condition({ filter: filterSettings, gridRate, analysisRate, nChannels }),
  );
}

const cutAndScreen =
  (settings: SessionSettings, lags: Observable<AnalysisLag>) => (samples: Observable<AlignedChunk>) => {
    const people = settings.people.map(({ person, channels }) => ({
      id: person.id,
      role: person.role,
      nChannels: channels.length,
    }));
    const cut = cutWindows({
      people,
      windowSamples: windowSamples(settings),
      hopSamples: hopSamples(settings),
      samplingRate: settings.analysisRate,
    });
    return samples.pipe(
      cut,
      rejectLate(lags),
      screenWindows(people, settings.artefacts),
      guardArtefacts(settings.artefacts.guardSeconds, hopSamples(settings) / settings.analysisRate),
    );
  };

/** The running estimate, where one is wanted. */
function estimate(windows: Observable<LabelledWindow>, settings: SessionSettings): Observable<Coupling> {
  if (settings.live === undefined) return EMPTY;
  return windows.pipe(
    connect((labelled) =>
      labelled.pipe(couple(settings, settings.live!), testAgainstNull(labelled, settings, settings.live!)),
    ),
  );
}
