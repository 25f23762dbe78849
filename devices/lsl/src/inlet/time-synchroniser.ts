import { randomInt } from "node:crypto";
import type { Socket } from "node:dgram";
import type { TimeCorrection } from "../api/inlet.ts";
import type { Endpoint } from "../api/stream-info.ts";
import type { Settings } from "../configuration/settings.ts";
import { localClock } from "../local-clock.ts";
import { bindUdp, closeUdp, sendUdp } from "../net/udp.ts";
import { readTimeAnswer, timeRequest } from "../wire/datagrams.ts";

/**
 * Measures the sender's clock in waves of 8 probes, 64 ms apart, a new wave every 2 s (liblsl, time_receiver.cpp). Of a
 * wave with at least 6 answers the one with the smallest round trip counts:
 *
 *     rtt = (t3 - t0) - (t2 - t1),  correction = -((t1 - t0) + (t2 - t3)) / 2
 *
 * t0 and t3 are our clock at sending and at reception, t1 and t2 the sender's.
 */
export class TimeSynchroniser {
  readonly #settings: Settings;
  readonly #onCorrection: (correction: TimeCorrection) => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #socket: Socket | undefined;
  #generation = 0;
  #waveId = 0;
  #answers: { rtt: number; correction: TimeCorrection }[] = [];

  constructor(settings: Settings, onCorrection: (correction: TimeCorrection) => void) {
    this.#settings = settings;
    this.#onCorrection = onCorrection;
  }

  /** Measures this endpoint from now on; what another one answers is ignored. */
  async start(endpoint: Endpoint): Promise<void> {
    this.stop();
    const generation = this.#generation;
    const family = endpoint.address.includes(":") ? "v6" : "v4";
    const address = family === "v4" ? this.#settings.bindV4 : this.#settings.bindV6;
    const socket = await bindUdp({ family, address, port: 0 }).catch(() => undefined);
    if (!socket) return;
    if (generation !== this.#generation) {
      closeUdp(socket);
      return;
    }
    this.#socket = socket;
    socket.on("message", (datagram) => this.#heard(datagram));
    this.#wave(endpoint);
  }

  stop(): void {
    this.#generation++;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (this.#socket) closeUdp(this.#socket);
    this.#socket = undefined;
    this.#answers = [];
  }

  #wave(endpoint: Endpoint): void {
    const tuning = this.#settings.tuning;
    this.#waveId = randomInt(0, 2147483647);
    this.#answers = [];
    for (let k = 0; k < tuning.timeProbeCount; k++)
      this.#after(k * tuning.timeProbeIntervalSeconds, () => this.#probe(endpoint));
    this.#after(tuning.timeProbeCount * tuning.timeProbeIntervalSeconds + tuning.timeProbeMaxRttSeconds, () =>
      this.#evaluate(),
    );
    this.#after(tuning.timeUpdateIntervalSeconds, () => this.#wave(endpoint));
  }

  #probe(endpoint: Endpoint): void {
    const socket = this.#socket;
    if (socket)
      void sendUdp(socket, timeRequest(this.#waveId, localClock()), endpoint.servicePort, endpoint.address);
  }

  #heard(datagram: Uint8Array): void {
    const t3 = localClock();
    const answer = readTimeAnswer(datagram);
    if (answer?.waveId !== this.#waveId || this.#answers.length >= 2 * this.#settings.tuning.timeProbeCount)
      return;
    const { t0, t1, t2 } = answer;
    const rtt = t3 - t0 - (t2 - t1);
    // `0 -` and not a minus sign: clocks that agree exactly differ by 0 and not by -0.
    const offset = 0 - (t1 - t0 + (t2 - t3)) / 2;
    const correction = { offset, uncertainty: rtt, remoteTime: (t1 + t2) / 2, measuredAt: (t0 + t3) / 2 };
    this.#answers.push({ rtt, correction });
  }

  #evaluate(): void {
    const answers = this.#answers;
    this.#answers = [];
    if (answers.length < this.#settings.tuning.timeUpdateMinProbes) return;
    const best = answers.reduce((least, answer) => (answer.rtt < least.rtt ? answer : least));
    this.#onCorrection(best.correction);
  }

  #after(seconds: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, seconds * 1000);
    this.#timers.add(timer);
  }
}
