import { type DeviceContext, DeviceError, pauseFor } from "@attune/device-kit";
import type { CortexConnection } from "./cortex-connection.ts";
import { CORTEX_STREAMS, CORTEX_WARNING, type CortexStream, isRecord } from "./cortex-message.ts";
import type { Credentials } from "./credentials.ts";
import { type Headset, readHeadsets } from "./headset.ts";
import type { EmotivCortexSettings } from "./settings.ts";
import type { WarningBoard } from "./warning-board.ts";

/** An open session with its subscriptions. */
export interface CortexSession {
  readonly id: string;
  readonly token: string;
  readonly headset: Headset;
  /** `cols` of every stream that was granted. */
  readonly columns: ReadonlyMap<CortexStream, readonly unknown[]>;
  /** One sentence for every stream that was not, and is not needed. */
  readonly missing: readonly string[];
}

interface Opening {
  readonly connection: CortexConnection;
  readonly settings: EmotivCortexSettings;
  readonly credentials: Credentials;
  readonly context: DeviceContext;
  readonly warnings: WarningBoard;
  readonly signal: AbortSignal;
  readonly tell: (message: string) => void;
}

/**
 * The whole exchange from a fresh socket to flowing data: access, token, headset, session, subscriptions.
 *
 * @throws DeviceError with the step that failed and what to do about it
 * @see emotiv.gitbook.io/cortex-api: hasAccessRight, requestAccess, authorize, controlDevice, queryHeadsets,
 *    createSession, subscribe
 */
export async function openSession(opening: Opening): Promise<CortexSession> {
  const { connection, settings, credentials } = opening;
  await gainAccess(opening);
  const authorized = await connection.call("authorize", { ...credentials, debit: settings.debit });
  const token = isRecord(authorized) ? authorized.cortexToken : undefined;
  if (typeof token !== "string") throw notUnderstood("authorize");
  const found = await findHeadset(opening);
  const headset = found.status === "connected" ? found : await connectHeadset(opening, found);
  const session = await connection.call("createSession", {
    cortexToken: token,
    headset: headset.id,
    status: "active",
  });
  if (!isRecord(session) || typeof session.id !== "string") throw notUnderstood("createSession");
  const streams = CORTEX_STREAMS.filter(
    (name) => name === "dev" || name === "eq" || settings.streams.includes(name),
  );
  const subscribed = await connection.call("subscribe", { cortexToken: token, session: session.id, streams });
  const { columns, refused } = readSubscription(subscribed);
  const missing: string[] = [];
  for (const stream of streams) {
    if (columns.has(stream)) continue;
    const why = connection.redact(refused.get(stream) ?? "it says nothing about it");
    if (stream === "eeg")
      throw new DeviceError(
        `Cortex does not give raw EEG of ${headset.id}: ${why}; check that the account has a licence for EEG data with a session left, or leave eeg out of \`streams\`.`,
        { retryable: false },
      );
    missing.push(`Cortex does not give the stream "${stream}" of ${headset.id}: ${why}.`);
  }
  return { id: session.id, token, headset, columns, missing };
}

/** Goodbye, if Cortex listens: a session that is left open counts against the licence until it notices. */
export async function closeSession(connection: CortexConnection, session: CortexSession): Promise<void> {
  const params = { cortexToken: session.token, session: session.id, status: "close" };
  await connection.call("updateSession", params, 1).catch(() => undefined);
}

async function gainAccess({ connection, settings, credentials, context, warnings, signal, tell }: Opening) {
  const granted = (result: unknown) => isRecord(result) && result.accessGranted === true;
  if (granted(await connection.call("hasAccessRight", { ...credentials }))) return;
  // listen before asking: the answer of the person may come before that of the service
  const decision = warnings.next(
    ({ code }) => code === CORTEX_WARNING.accessGranted || code === CORTEX_WARNING.accessRefused,
  );
  if (granted(await connection.call("requestAccess", { ...credentials }))) return;
  tell("Approve this app in the EMOTIV Launcher to let Attune read the headset.");
  const warning = await decision.within(settings.accessTimeoutSeconds, context, signal);
  if (warning?.code === CORTEX_WARNING.accessGranted) return;
  throw warning
    ? new DeviceError(ACCESS_REFUSED, { retryable: false })
    : new DeviceError(
        `Nobody approved this app in the EMOTIV Launcher within ${settings.accessTimeoutSeconds} s; open it, approve, and connect again.`,
      );
}

export const ACCESS_REFUSED =
  "Access to the headset was refused in the EMOTIV Launcher; approve this app there and connect again.";

async function findHeadset({ connection, settings, context, signal }: Opening): Promise<Headset> {
  await connection.call("controlDevice", { command: "refresh" });
  const until = context.now() + settings.headsetTimeoutSeconds;
  for (;;) {
    const headsets = readHeadsets(await connection.call("queryHeadsets", {}));
    const wanted = settings.headset;
    const fitting = wanted === undefined ? headsets : headsets.filter((headset) => headset.id === wanted);
    if (fitting.length === 1) return fitting[0]!;
    const seen = headsets.map((headset) => headset.id).join(", ");
    if (fitting.length > 1)
      throw new DeviceError(
        `Cortex sees several headsets (${seen}); name one as \`headset\` in the settings.`,
        {
          retryable: false,
        },
      );
    if (context.now() >= until || signal.aborted)
      throw new DeviceError(
        `Cortex sees ${wanted ?? "no headset"}${wanted === undefined ? "" : " nowhere"} ${seen === "" ? "" : `(only ${seen}) `}within ${settings.headsetTimeoutSeconds} s; switch the headset on and near its receiver.`,
      );
    await pauseFor(context, 1, signal);
  }
}

async function connectHeadset({ connection, settings, context, warnings, signal }: Opening, { id }: Headset) {
  const outcome = warnings.next(
    ({ code, headset }) =>
      (code === CORTEX_WARNING.headsetConnected ||
        code === CORTEX_WARNING.headsetTimeout ||
        code === CORTEX_WARNING.headsetDisconnected) &&
      (headset === undefined || headset === id),
  );
  await connection.call("controlDevice", { command: "connect", headset: id });
  const warning = await outcome.within(settings.headsetTimeoutSeconds, context, signal);
  if (warning?.code !== CORTEX_WARNING.headsetConnected)
    throw new DeviceError(
      warning?.code === CORTEX_WARNING.headsetDisconnected
        ? `The headset ${id} disconnected while Cortex connected it; charge it and switch it on again.`
        : `Cortex could not connect the headset ${id} in time; switch it off and on, and bring it nearer.`,
    );
  const headset = readHeadsets(await connection.call("queryHeadsets", { id })).find((one) => one.id === id);
  if (!headset) throw new DeviceError(`Cortex lost the headset ${id} as soon as it had connected it.`);
  return headset;
}

function readSubscription(result: unknown): {
  columns: Map<CortexStream, readonly unknown[]>;
  refused: Map<string, string>;
} {
  if (!isRecord(result)) throw notUnderstood("subscribe");
  const columns = new Map<CortexStream, readonly unknown[]>();
  const refused = new Map<string, string>();
  for (const one of Array.isArray(result.success) ? result.success : []) {
    const name = isRecord(one) ? CORTEX_STREAMS.find((stream) => stream === one.streamName) : undefined;
    if (name && Array.isArray(one.cols) && one.cols.length <= 1024) columns.set(name, one.cols);
  }
  for (const one of Array.isArray(result.failure) ? result.failure : [])
    if (isRecord(one) && typeof one.streamName === "string")
      refused.set(
        one.streamName,
        typeof one.message === "string" ? one.message.slice(0, 300) : "no reason given",
      );
  return { columns, refused };
}

function notUnderstood(method: string): DeviceError {
  return new DeviceError(`Cortex answered ${method} with something else than its documentation says.`);
}
