import type { DeviceContext, Timer } from "@attune/device-kit";
import { createOutlet, type LslConfiguration, type Outlet } from "@attune/lsl";
import type { Seconds, StateChange } from "@attune/signal";

/** A receiver that has connected needs a moment before it takes samples. */
const REMINDER_SECONDS = 1.5;

/** States as markers of an outlet, as a tracker or a coder's keypad sends them. */
export class LabMarkers {
  readonly #outlet: Outlet;
  /** The newest marker of each person and layer. */
  readonly #newest = new Map<string, string>();
  #reminder: Timer | undefined;

  static async open(
    name: string,
    sourceId: string,
    context: DeviceContext,
    configuration: LslConfiguration | undefined,
  ): Promise<LabMarkers> {
    const outlet = await createOutlet(
      { name, type: "Markers", channelCount: 1, nominalSamplingRate: 0, channelFormat: "string", sourceId },
      configuration === undefined ? {} : { configuration },
    );
    return new LabMarkers(outlet, context);
  }

  constructor(outlet: Outlet, context: DeviceContext) {
    this.#outlet = outlet;
    // Whoever comes late would else not know the states that hold until they change.
    outlet.onConsumersChange((count) => {
      this.#reminder?.cancel();
      if (count > 0) this.#reminder = context.setTimer(() => this.#remind(), REMINDER_SECONDS);
    });
  }

  /** @param at time of the host */
  send({ person, layer, state }: Omit<StateChange, "kind" | "at">, at: Seconds): void {
    const marker = JSON.stringify({ person, layer, state });
    this.#newest.set(`${person} ${layer}`, marker);
    this.#outlet.pushSample([marker], at);
  }

  close(): Promise<void> {
    this.#reminder?.cancel();
    return this.#outlet.close();
  }

  #remind(): void {
    for (const marker of this.#newest.values()) this.#outlet.pushSample([marker]);
  }
}
