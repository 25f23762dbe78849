import type { Hello, Limits, PageLog, Standing } from "@attune/wire/page";
import { age, percent, roomMinutes } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";

export interface Alarm {
  /** The same as long as it is the same trouble. */
  readonly id: string;
  /** What is wrong, by whatever sign it shows: a stream that is silent and one whose device is lost are the same trouble. */
  readonly cause: string;
  readonly level: "alarm" | "warning" | "past";
  readonly message: string;
  readonly toDo: string;
  /** For a screen reader: with the limit that was passed in place of a number that counts on. */
  readonly spoken: string;
  /** The same when it is over. */
  readonly past: string;
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
  /** After so long what the log says of a stream is over, where nothing is wrong with the stream any more. */
  calmSeconds: 10,
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
      alarms.push(
        present({
          id: "analysis",
          level: "warning",
          message: texts.alarms.late(late.toFixed(1)),
          past: texts.alarms.latePast,
        }),
      );
  }
  // What stands above already is not said a second time for having been logged.
  const shown = new Set(alarms.map(({ cause }) => sourceOf(cause)));
  for (const { id, at, source, message, spell } of alarmsOf(log))
    if (standing.at - at < LIMITS.logSeconds && !shown.has(source)) {
      const isOver =
        spell?.isOver ??
        (standing.at - at >= LIMITS.calmSeconds &&
          standing.streams.some(({ streamId }) => streamId === source));
      const said = `${sourceName(hello, source)}: ${message}`;
      alarms.push({
        ...present({ id: `log ${id}`, level: isOver ? "past" : "alarm", message: said, past: said }),
        cause: `log ${source}`,
        isPast: true,
      });
    }
  return worstFirst(alarms);
}

/** Alarms of the log; of a trouble that has several entries, where one of them was an alarm, the newest. */
function alarmsOf(log: PageLog["entries"]): PageLog["entries"] {
  const newest = new Map<number, PageLog["entries"][number]>();
  const alarmed = new Set<number>();
  for (const entry of log) {
    if (entry.spell === undefined) continue;
    newest.set(entry.spell.id, entry);
    if (entry.level === "alarm") alarmed.add(entry.spell.id);
  }
  return log.filter((entry) =>
    entry.spell === undefined
      ? entry.level === "alarm"
      : alarmed.has(entry.spell.id) && newest.get(entry.spell.id) === entry,
  );
}

export const worstFirst = (alarms: readonly Alarm[]): Alarm[] =>
  [...alarms].sort((a, b) => rank(a) - rank(b));

/** The stream, or the part of the session, that a cause is about. */
export const sourceOf = (cause: string): string => cause.slice(cause.indexOf(" ") + 1);

/** One name everywhere for whatever the log and the alarms are about: the one that the session gives a stream. */
export const sourceName = (hello: Pick<Hello, "streams"> | undefined, source: string): string =>
  hello?.streams.find(({ id }) => id === source)?.name ?? source;

const rank = ({ level, isPast }: Alarm): number =>
  ({ alarm: 0, warning: 2, past: 4 })[level] + (isPast ? 1 : 0);

type Said = Pick<Alarm, "id" | "level" | "message" | "past"> & Partial<Alarm>;
const present = (said: Said): Alarm => ({
  cause: said.id,
  toDo: "",
  spoken: said.message,
  isPast: false,
  ...said,
});

function recordingAlarms(hello: Hello, { stage, recording }: Standing): Alarm[] {
  if (recording === null || stage === "ended") return [];
  const { state, lastWriteAgeSeconds, diskMinutes } = recording;
  const { alarms: words } = texts;
  if (state === "full" || state === "failed")
    return [
      present({
        id: "recording",
        level: "alarm",
        message: words[state],
        past: words[state],
        toDo: words.stoppedToDo,
      }),
    ];
  if (stage !== "running") return [];
  const alarms: Alarm[] = [];
  const write = levelOf(lastWriteAgeSeconds, LIMITS.lastWriteSeconds);
  if (write === "alarm" || write === "caution")
    alarms.push(
      present({
        id: "write",
        level: wordOf(write),
        message: words.lateWrite(age(lastWriteAgeSeconds)),
        spoken: words.lateWrite(words.moreThan(`${LIMITS.lastWriteSeconds[write]} s`)),
        past: words.lateWrite(age(lastWriteAgeSeconds)),
      }),
    );
  const room = limitsOf(hello).diskMinutes;
  if (diskMinutes !== null && diskMinutes < room.caution) {
    const level = diskMinutes < room.alarm ? "alarm" : "caution";
    alarms.push(
      present({
        id: "disk",
        level: wordOf(level),
        message: words.disk(roomMinutes(diskMinutes)),
        spoken: words.disk(words.lessThan(roomMinutes(room[level]))),
        past: words.diskPast(roomMinutes(diskMinutes)),
      }),
    );
  }
  return alarms;
}

function streamAlarms(hello: Hello, standing: StandingStream): Alarm[] {
  const { alarms: words } = texts;
  const { streamId, lifecycle, silentSeconds, recentLostPercent } = standing;
  const stream = hello.streams.find(({ id }) => id === streamId);
  const name = sourceName(hello, streamId);
  if (OVER.has(lifecycle)) return [];
  const limits = limitsOf(hello);
  // Streams without a rate are silent whenever nothing happens.
  const silence =
    stream === undefined || stream.samplingRate === 0 ? "good" : levelOf(silentSeconds, limits.silentSeconds);
  const alarms: Alarm[] = [];
  const cause = `signal ${streamId}`;
  if (silence === "alarm" || silence === "caution") {
    const seconds = silentSeconds! < 10 ? silentSeconds!.toFixed(1) : `${Math.floor(silentSeconds!)}`;
    alarms.push(
      present({
        id: `silent ${streamId}`,
        cause,
        level: wordOf(silence),
        message: words.silent(name, `${seconds} s`),
        spoken: words.silent(name, words.moreThan(`${limits.silentSeconds[silence]} s`)),
        past: words.silentPast(name, `${seconds} s`),
        toDo: words.silentToDo,
      }),
    );
  } else if (LOST.has(lifecycle))
    alarms.push(
      present({
        id: `lifecycle ${streamId}`,
        cause,
        level: lifecycle === "stalled" ? "warning" : "alarm",
        message: words.lifecycle(name, lifecycle),
        past: words.lifecyclePast(name, lifecycle),
        toDo: words.silentToDo,
      }),
    );
  const loss = levelOf(recentLostPercent, limits.lostPercent);
  if (loss === "alarm" || loss === "caution")
    alarms.push(
      present({
        id: `lost ${streamId}`,
        level: wordOf(loss),
        message: words.lost(name, `${percent(recentLostPercent)} %`),
        spoken: words.lost(name, words.moreThan(`${limits.lostPercent[loss]} %`)),
        past: words.lostPast(name, `${percent(recentLostPercent)} %`),
        toDo: words.lostToDo,
      }),
    );
  return alarms;
}

const wordOf = (level: "alarm" | "caution"): "alarm" | "warning" => (level === "alarm" ? "alarm" : "warning");
