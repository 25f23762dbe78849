import {
  Broadcast,
  DataWatchdog,
  type Device,
  type DeviceContext,
  DeviceError,
  type DeviceEvent,
  type DeviceStatistics,
  LifecycleMachine,
  pauseFor,
  reconnectDelay,
} from "@attune/device-kit";
import type { DeviceOutput, Seconds, Stream } from "@attune/signal";
import { CortexConnection, type CortexListener } from "./cortex-connection.ts";
import { readCredentials } from "./credentials.ts";
import { HeadsetStreams } from "./headset-streams.ts";
import { type CortexSession, closeSession, openSession } from "./open-session.ts";
import { SESSION_ENDINGS } from "./session-endings.ts";
import type { EmotivCortexSettings } from "./settings.ts";
import { type CortexWarning, WarningBoard } from "./warning-board.ts";

const STALLED_AFTER: Seconds = 1;
const RECONNECT_AFTER_STALLED: Seconds = 3;

/** An EMOTIV headset through the Cortex service of the EMOTIV Launcher. */
export class CortexDevice implements Device {
  readonly id: string;
  readonly #settings: EmotivCortexSettings;
  readonly #context: DeviceContext;
  readonly #output: Broadcast<DeviceOutput>;
  readonly #events: Broadcast<DeviceEvent>;
  readonly #streams: Broadcast<readonly Stream[]>;
  readonly #machine: LifecycleMachine;
  readonly #warnings = new WarningBoard();
  readonly #closing = new AbortController();
  #connection: CortexConnection | undefined;
  #session: CortexSession | undefined;
  #delivered: HeadsetStreams | undefined;
  #watchdog: DataWatchdog | undefined;
  #wantsData = false;
  #nReconnects = 0;
  #nMalformed = 0;
  #reconnecting: { abort: AbortController; done: Promise<void> } | undefined;
  #queue: Promise<unknown> = Promise.resolve();

  constructor(id: string, settings: EmotivCortexSettings, context: DeviceContext) {
    this.id = id;
    this.#settings = settings;
    this.#context = context;
    const onThrow = (cause: unknown) =>
      this.#error(
        new DeviceError(`A subscriber of device "${id}" threw: ${String(cause)}.`, { cause }),
        false,
      );
    this.#events = new Broadcast<DeviceEvent>(() => undefined);
    this.#output = new Broadcast<DeviceOutput>(onThrow);
    this.#streams = new Broadcast<readonly Stream[]>(onThrow, { value: [] });
    this.#machine = new LifecycleMachine(context, (event) => this.#events.next(event), onThrow);
  }

  get lifecycle() {
    return this.#machine.states;
  }
  get streams() {
    return this.#streams.observable;
  }
  get output() {
    return this.#output.observable;
  }
  get events() {
    return this.#events.observable;
  }

  connect(signal?: AbortSignal): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#machine.is("idle", "failed")) return;
      const both = signal ? AbortSignal.any([signal, this.#closing.signal]) : this.#closing.signal;
      this.#machine.to("connecting", `opening ${this.#settings.url}`);
      try {
        await this.#open(both, () => this.#machine.to("configuring", "Cortex answers"));
        this.#machine.to("ready", `session of ${this.#session!.headset.id} is open`);
      } catch (error) {
        this.#drop();
        const final = error instanceof DeviceError && !error.retryable;
        this.#machine.to(final ? "failed" : "idle", messageOf(error));
        throw error;
      }
    });
  }

  start(): Promise<void> {
    return this.#inTurn(async () => {
      if (this.#wantsData) return;
      if (!this.#machine.is("ready", "reconnecting"))
        throw new DeviceError(`Device "${this.id}" is ${this.#machine.state}; connect it before it starts.`);
      this.#wantsData = true;
      if (this.#machine.is("ready")) this.#flow("started");
    });
  }

  stop(): Promise<void> {
    return this.#inTurn(async () => {
      if (!this.#wantsData) return;
      this.#wantsData = false;
      this.#watchdog?.stop();
      this.#delivered?.interrupted({ paused: true });
      if (!this.#machine.is("streaming", "stalled")) return;
      this.#machine.to("stopping", "asked to stop");
      this.#machine.to("ready", "stopped");
    });
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#reconnecting?.abort.abort();
    if (this.#machine.is("connecting", "configuring")) this.#connection?.close();
    const closed = this.#queue.then(async () => {
      if (this.#machine.is("closed")) return;
      await this.#reconnecting?.done;
      this.#wantsData = false;
      this.#delivered?.flush();
      if (this.#connection && this.#session) await closeSession(this.#connection, this.#session);
      this.#drop();
      this.#machine.to("closed", "closed");
      for (const channel of [this.#streams, this.#output, this.#events]) channel.complete();
    });
    this.#queue = closed.catch(() => undefined);
    return closed;
  }

  statistics(): DeviceStatistics {
    return {
      streams: this.#delivered?.statistics() ?? [],
      codec: {
        framesOk: (this.#delivered?.statistics() ?? []).reduce((sum, { nSamples }) => sum + nSamples, 0),
        bytesSkipped: 0,
        resyncs: 0,
        checksumErrors: this.#nMalformed,
        duplicates: 0,
      },
      nReconnects: this.#nReconnects,
    };
  }

  async #open(signal: AbortSignal, onOpen: () => void): Promise<void> {
    const credentials = readCredentials(this.#settings);
    const secrets = [credentials.clientSecret, credentials.clientId];
    let connection: CortexConnection | undefined;
    const listener: CortexListener = {
      data: (message, at) => {
        const flowing = this.#wantsData && this.#machine.is("streaming", "stalled");
        const complaint = this.#delivered?.take(message, flowing, at);
        if (complaint) {
          this.#nMalformed++;
          connection?.strike(complaint);
        } else if (flowing && (message.stream === "eeg" || message.stream === "mot")) this.#watchdog?.feed();
      },
      warning: (warning) => {
        if (connection === this.#connection) this.#warned(warning);
      },
      closed: (reason) => {
        if (connection && connection === this.#connection) this.#lost(reason);
      },
    };
    const { settings, context } = { settings: this.#settings, context: this.#context };
    connection = await CortexConnection.open({ settings, context, secrets, listener, signal });
    this.#connection = connection;
    onOpen();
    const abort = () => connection?.close();
    signal.addEventListener("abort", abort);
    if (signal.aborted) abort();
    try {
      const tell = (message: string) => this.#tell(message);
      const warnings = this.#warnings;
      const session = await openSession({
        connection,
        settings,
        credentials,
        context,
        warnings,
        signal,
        tell,
      });
      secrets.push(session.token);
      this.#adopt(session);
    } catch (cause) {
      throw signal.aborted ? new DeviceError(`Connecting "${this.id}" was cancelled.`, { cause }) : cause;
    } finally {
      signal.removeEventListener("abort", abort);
    }
  }

  #adopt(session: CortexSession): void {
    if (this.#delivered) {
      const difference = this.#delivered.adopt(session);
      if (difference)
        throw new DeviceError(
          `"${this.id}" came back with ${difference}; stop the session and connect again to use it so.`,
          { retryable: false },
        );
    } else {
      const emit = (output: DeviceOutput) => this.#output.next(output);
      const report = (event: DeviceEvent) => this.#events.next(event);
      const { id } = this;
      this.#delivered = new HeadsetStreams({ id, session, settings: this.#settings, emit, report });
      this.#streams.next(this.#delivered.streams);
    }
    this.#session = session;
    for (const sentence of session.missing) this.#tell(sentence);
  }

  #warned(warning: CortexWarning): void {
    this.#warnings.post(warning);
    const ending = SESSION_ENDINGS[warning.code];
    const ours = warning.headset === undefined || warning.headset === this.#session?.headset.id;
    if (!ending || !ours || !this.#machine.is("ready", "streaming", "stalled")) return;
    if (ending.final) this.#lost(ending.sentence, new DeviceError(ending.sentence, { retryable: false }));
    else this.#lost(ending.sentence);
  }

  #flow(reason: string): void {
    this.#machine.to("streaming", reason);
    this.#watchdog ??= new DataWatchdog(
      this.#context,
      { limitSeconds: STALLED_AFTER, lostSeconds: RECONNECT_AFTER_STALLED },
      {
        onQuiet: () => this.#machine.to("stalled", `no samples for ${STALLED_AFTER} s`),
        onData: () => this.#machine.to("streaming", "samples come again"),
        onLost: () => this.#lost(`no samples for ${STALLED_AFTER + RECONNECT_AFTER_STALLED} s`),
      },
    );
    this.#watchdog.start();
  }

  /** The connection or its session is gone: come back, or with `fatal` fail. */
  #lost(reason: string, fatal?: DeviceError): void {
    if (!this.#machine.is("ready", "streaming", "stalled")) return;
    this.#machine.to("reconnecting", reason);
    this.#drop();
    this.#delivered?.interrupted({ paused: !this.#wantsData });
    if (fatal) {
      this.#error(fatal, true);
      this.#machine.to("failed", fatal.message);
      return;
    }
    const abort = new AbortController();
    const done = this.#reconnect(AbortSignal.any([abort.signal, this.#closing.signal]));
    this.#reconnecting = { abort, done };
  }

  async #reconnect(signal: AbortSignal): Promise<void> {
    let said = "";
    for (let attempt = 0; !signal.aborted; attempt++) {
      await pauseFor(this.#context, reconnectDelay(attempt, this.#context.uniform()), signal);
      if (signal.aborted) return;
      try {
        await this.#open(signal, () => undefined);
        this.#nReconnects++;
        if (this.#wantsData) this.#flow("connected again");
        else this.#machine.to("ready", "connected again");
        return;
      } catch (error) {
        this.#drop();
        if (signal.aborted) return;
        const fatal = error instanceof DeviceError && !error.retryable;
        if (fatal || messageOf(error) !== said) this.#error(error, fatal);
        said = messageOf(error);
        if (!fatal) continue;
        this.#machine.to("failed", said);
        return;
      }
    }
  }

  #drop(): void {
    this.#watchdog?.stop();
    const connection = this.#connection;
    this.#connection = undefined;
    connection?.close();
  }

  #tell(message: string): void {
    this.#events.next({ kind: "warning", message, at: this.#context.now() });
  }

  #error(error: unknown, fatal: boolean): void {
    const reported = error instanceof Error ? error : new Error(String(error));
    this.#events.next({ kind: "error", error: reported, fatal, at: this.#context.now() });
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const turn = this.#queue.then(() => {
      if (this.#closing.signal.aborted)
        throw new DeviceError(`Device "${this.id}" is closed; make a new one to use it again.`, {
          retryable: false,
        });
      return work();
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
