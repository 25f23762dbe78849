import type { Hello, Limits, PageLog, Standing } from "@attune/wire/page";
import { age, percent, roomMinutes } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

export interface Alarm {
  /** The same as long as it is the same trouble. */
  readonly id: string;
  readonly level: "alarm" | "warning";
  readonly message: string;
  readonly toDo: string;
  /** A happening of the log, which nothing takes back: somebody says that it was seen. */
  readonly isPast: boolean;
}

interface Limit {
  readonly caution: number;
  readonly alarm: number;
}

/** When a thing is a warning and when an alarm, for what the session itself has no limits for. */
export const LIMITS = {
  driftPpm: { caution: 200, alarm: 1000 },
  lastWriteSeconds: { caution: 2, alarm: 5 },
  analysisDelaySeconds: 3,
  /** How long an alarm of the log stays, unless it is seen. */
  logSeconds: 60,
} as const;

/** For a session that tells none: a recording, or a program of an older version. */
const UNTOLD: Limits = {
  silentSeconds: { amber: 1, red: 3 },
  lostPercent: { amber: 1, red: 5 },
  diskMinutes: { amber: 60, red: 15 },
};

/** The limits by which the log of the session goes, too. */
export function limitsOf({ limits }: Pick<Hello, "limits">): Readonly<Record<keyof Limits, Limit>> {
  const { silentSeconds, lostPercent, diskMinutes } = limits ?? UNTOLD;
  const limit = ({ amber, red }: Limits[keyof Limits]): Limit => ({ caution: amber, alarm: red });
  return {
    silentSeconds: limit(silentSeconds),
    lostPercent: limit(lostPercent),
    diskMinutes: limit(diskMinutes),
  };
}

export type Level = "good" | "caution" | "alarm" | "unknown";

export function levelOf(value: number | null, { caution, alarm }: Limit): Level {
  if (value === null) return "unknown";
  if (Math.abs(value) >= alarm) return "alarm";
  return Math.abs(value) >= caution ? "caution" : "good";
}

const OVER = new Set(["closed", "idle"]);
const LOST = new Set(["failed", "reconnecting", "stalled", "lost"]);

type StandingStream = Standing["streams"][number];

/** What is wrong now, worst first. */
export function presentAlarms(hello: Hello, standing: Standing, log: PageLog["entries"]): Alarm[] {
  if (hello.mode === "replay") return [];
  const alarms: Alarm[] = [...recordingAlarms(hello, standing)];
  if (standing.stage !== "ended" && standing.stage !== "idle") {
    for (const stream of standing.streams) alarms.push(...streamAlarms(hello, stream));
    const late = standing.analysisDelaySeconds;
    if (late >= LIMITS.analysisDelaySeconds)
      alarms.push(present("analysis", "warning", texts.alarms.late(late.toFixed(1))));
  }
  // What stands above already is not said a second time for having been logged.
  const shown = new Set(alarms.map(({ id }) => id.slice(id.indexOf(" ") + 1)));
  for (const { id, at, level, source, message } of log)
    if (level === "alarm" && standing.at - at < LIMITS.logSeconds && !shown.has(source)) {
      const name = hello.streams.find((stream) => stream.id === source)?.name ?? source;
      alarms.push({ id: `log ${id}`, level, message: `${name}: ${message}`, toDo: "", isPast: true });
    }
  return alarms.sort((a, b) => rank(a) - rank(b));
}

const rank = ({ level, isPast }: Alarm): number => (level === "alarm" ? 0 : 2) + (isPast ? 1 : 0);

const present = (id: string, level: Alarm["level"], message: string, toDo = ""): Alarm => ({
  id,
  level,
  message,
  toDo,
  isPast: false,
});

function recordingAlarms(hello: Hello, { stage, recording }: Standing): Alarm[] {
  if (recording === null || stage === "ended") return [];
  const { state, lastWriteAgeSeconds, diskMinutes } = recording;
  if (state === "full") return [present("recording", "alarm", texts.alarms.full, texts.alarms.stoppedToDo)];
  if (state === "failed")
    return [present("recording", "alarm", texts.alarms.failed, texts.alarms.stoppedToDo)];
  if (stage !== "running") return [];
  const alarms: Alarm[] = [];
  const write = levelOf(lastWriteAgeSeconds, LIMITS.lastWriteSeconds);
  if (write === "alarm" || write === "caution")
    alarms.push(
      present("write", wordOf(write), texts.alarms.lateWrite(age(lastWriteAgeSeconds).replace(" s", ""))),
    );
  const room = limitsOf(hello).diskMinutes;
  if (diskMinutes !== null && diskMinutes < room.caution)
    alarms.push(
      present(
        "disk",
        diskMinutes < room.alarm ? "alarm" : "warning",
        texts.alarms.disk(roomMinutes(diskMinutes)),
      ),
    );
  return alarms;
}

function streamAlarms(hello: Hello, standing: StandingStream): Alarm[] {
  const stream = hello.streams.find(({ id }) => id === standing.streamId);
  const name = stream?.name ?? standing.streamId;
  const { streamId, lifecycle, silentSeconds, recentLostPercent } = standing;
  if (OVER.has(lifecycle)) return [];
  const limits = limitsOf(hello);
  // Streams without a rate are silent whenever nothing happens.
  const silence =
    stream === undefined || stream.samplingRate === 0 ? "good" : levelOf(silentSeconds, limits.silentSeconds);
  const alarms: Alarm[] = [];
  if (silence === "alarm" || silence === "caution") {
    const seconds = silentSeconds! < 10 ? silentSeconds!.toFixed(1) : `${Math.floor(silentSeconds!)}`;
    alarms.push(
      present(
        `silent ${streamId}`,
        wordOf(silence),
        texts.alarms.silent(name, seconds),
        texts.alarms.silentToDo,
      ),
    );
  } else if (LOST.has(lifecycle))
    alarms.push(
      present(
        `lifecycle ${streamId}`,
        lifecycle === "stalled" ? "warning" : "alarm",
        texts.alarms.lifecycle(name, lifecycle),
        texts.alarms.silentToDo,
      ),
    );
  const loss = levelOf(recentLostPercent, limits.lostPercent);
  if (loss === "alarm" || loss === "caution")
    alarms.push(
      present(
        `lost ${streamId}`,
        wordOf(loss),
        texts.alarms.lost(name, percent(recentLostPercent)),
        texts.alarms.lostToDo,
      ),
    );
  return alarms;
}

const wordOf = (level: "alarm" | "caution"): Alarm["level"] => (level === "alarm" ? "alarm" : "warning");
