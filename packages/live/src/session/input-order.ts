import type { AnalysisLag, DeviceOutput, SessionInput, TextChunk } from "@attune/signal";
import type { LiveAnalysis } from "../analysis/live-analysis.ts";

/** What a recorder of a session does with what it is given. It never blocks and never throws. */
export interface InputRecorder {
  /** Data, as devices delivered them. */
  write(output: DeviceOutput): void;
  /** The place of an input in the order that the analysis sees. */
  writeInput(input: SessionInput): void;
}

/**
 * The one order in which everything enters the session. What the analysis sees is what the recorder notes down, in the
 * same order: that is why a recording gives the same numbers again.
 */
export class InputOrder {
  readonly #recorder: InputRecorder | undefined;
  readonly #analysis: LiveAnalysis | undefined;
  readonly #onLag: (lag: AnalysisLag) => void;

  constructor(
    recorder: InputRecorder | undefined,
    analysis: LiveAnalysis | undefined,
    onLag: (lag: AnalysisLag) => void = () => {},
  ) {
    this.#recorder = recorder;
    this.#analysis = analysis;
    this.#onLag = onLag;
  }

  /** Data of a device, or a state or event from anywhere. */
  enter(item: DeviceOutput): void {
    this.#recorder?.write(item);
    if (item.kind !== "text") this.derive(item);
  }

  /** What follows from data that the recording holds already, such as the event that a marker stands for. */
  derive(item: Exclude<DeviceOutput, TextChunk>): void {
    const lag = this.#analysis?.lag();
    if (lag !== undefined) {
      this.#place(lag);
      this.#onLag(lag);
    }
    this.#place(item);
  }

  #place(input: SessionInput): void {
    this.#recorder?.writeInput(input);
    this.#analysis?.push(input);
  }
}
