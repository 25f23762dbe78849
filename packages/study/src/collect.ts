import { type PersonMontage, runSession, type SessionSettings } from "@attune/pipeline";
import type { AlignedChunk, Coupling, LabelledWindow, SessionInput, StateInterval } from "@attune/signal";
import type { Observable } from "rxjs";
import type { StudySettings } from "./settings.ts";

/** One person's conditioned samples from the first to the last, for cuts that the fixed windows do not make. */
export interface ConditionedRecord {
  readonly person: string;
  readonly firstIndex: number;
  readonly nSamples: number;
  readonly nChannels: number;
  /** `[nChannels, nSamples]`. */
  readonly data: Float64Array;
  /** `[nSamples]`, 0 where usable. */
  readonly mask: Uint16Array;
}

/** What one pass of the pipeline over a recording leaves behind. */
export interface Collected {
  readonly windows: readonly LabelledWindow[];
  readonly records: readonly ConditionedRecord[];
  readonly couplings: readonly Coupling[];
  readonly states: readonly StateInterval[];
  /** Session time of the newest sample. */
  readonly endSeconds: number;
}

export interface CollectOptions {
  readonly settings: SessionSettings;
  /** Told the session time that has been reached, now and then. */
  readonly onProgress?: ((seconds: number) => void) | undefined;
  readonly onCoupling?: ((coupling: Coupling) => void) | undefined;
}

/** The pipeline's settings for a study: the same stages whether live, replayed or in one go. */
export function sessionSettings(
  settings: StudySettings,
  people: readonly PersonMontage[],
  layers: ReadonlySet<string>,
  live: SessionSettings["live"],
): SessionSettings {
  const { person, layer, require } = settings.states;
  const coded = layers.has(layerKey(person, layer));
  return {
    people,
    gridRate: settings.gridRate,
    analysisRate: settings.analysisRate,
    filter: settings.filter,
    artefacts: settings.artefacts,
    window: settings.window,
    states: coded
      ? {
          ...settings.states,
          require: require.filter((each) => layers.has(layerKey(each.person, each.layer))),
        }
      : undefined,
    model: settings.model,
    bands: settings.bands,
    frequencyBins: settings.frequencyBins,
    live,
    seed: settings.seed,
  };
}

export const layerKey = (person: string, layer: string): string => `${person}/${layer}`;

/** Runs the pipeline over a source and keeps what the statistics need. */
export function collect(inputs: Observable<SessionInput>, options: CollectOptions): Promise<Collected> {
  const windows: LabelledWindow[] = [];
  const couplings: Coupling[] = [];
  const records = new Map<string, AlignedChunk[]>();
  const { settings, onProgress, onCoupling } = options;
  return new Promise((resolve, reject) => {
    runSession(inputs, settings).subscribe({
      next: (output) => {
        if (output.kind === "aligned") {
          const chunks = records.get(output.person) ?? [];
          records.set(output.person, chunks);
          // Unfiltered samples have served their purpose; dropping them halves the memory of a long recording.
          chunks.push({ ...output, unfiltered: output.data });
          onProgress?.((output.firstIndex + output.nSamples) / output.samplingRate);
        } else if (output.kind === "coupling") {
          couplings.push(output);
          onCoupling?.(output);
        } else if (output.kind === "accepted" || output.kind === "rejected")
          windows.push(forgetUnfiltered(output));
      },
      error: reject,
      complete: () => {
        const joined = [...records].map(([person, chunks]) => join(person, chunks));
        const ends = joined.map(
          ({ firstIndex, nSamples }) => (firstIndex + nSamples) / settings.analysisRate,
        );
        resolve({ windows, records: joined, couplings, states: [], endSeconds: Math.max(0, ...ends) });
      },
    });
  });
}

function forgetUnfiltered(labelled: LabelledWindow): LabelledWindow {
  const { window } = labelled;
  const data = labelled.kind === "accepted" ? window.data : nothing;
  return { ...labelled, window: { ...window, data, unfiltered: nothing } };
}

const nothing = new Float64Array(0);

function join(person: string, chunks: readonly AlignedChunk[]): ConditionedRecord {
  const nSamples = chunks.reduce((sum, chunk) => sum + chunk.nSamples, 0);
  const nChannels = chunks.length > 0 ? chunks[0]!.data.length / chunks[0]!.nSamples : 0;
  const data = new Float64Array(nChannels * nSamples);
  const mask = new Uint16Array(nSamples);
  let at = 0;
  for (const chunk of chunks) {
    for (let c = 0; c < nChannels; c++) {
      data.set(chunk.data.subarray(c * chunk.nSamples, (c + 1) * chunk.nSamples), c * nSamples + at);
    }
    mask.set(chunk.mask, at);
    at += chunk.nSamples;
  }
  return { person, firstIndex: chunks[0]?.firstIndex ?? 0, nSamples, nChannels, data, mask };
}
