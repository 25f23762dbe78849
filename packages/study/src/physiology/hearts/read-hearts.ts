import type { Population } from "@attune/core";
import type { ContinuousRecording, RecordedStream } from "@attune/recording";
import { StudyError } from "../../errors.ts";
import type { MemberRequest } from "../request.ts";
import { type ImportedBeats, readBeatTable } from "./beat-table.ts";
import { type ChannelPlace, findChannel } from "./find-channel.ts";
import { Binned, Excerpt } from "./grid-sinks.ts";
import { type FoundBeats, HeartReader } from "./heart-reader.ts";

/** What was read of one person. */
export interface ReadHeart {
  readonly member: MemberRequest;
  readonly population: Population;
  readonly beats: FoundBeats;
  /** Where the beats come from: a channel, or a table. */
  readonly source: string;
  /** Of the ECG, Hz; NaN for imported beats. */
  readonly samplingRate: number;
  /** Intervals as they were imported; absent where beats are known. */
  readonly imported?: ImportedBeats;
  /** The belt on session time from 0 on. */
  readonly belt?: { readonly samplingRate: number; readonly values: Float64Array };
  /** Spread of the movement channel per second, from session time 0 on. */
  readonly movement?: Float64Array;
  /** Raw ECG of the stretches in which cross-talk is looked for. */
  readonly excerpts: readonly Excerpt[];
}

const BLOCK_SECONDS = 20;
/** Bins of a belt; a breath needs no more. */
const BELT_RATE = 20;
/** Cross-talk is looked for in the whole of a recording up to this length, and in stretches of a longer one. */
const STRETCH_SECONDS = 600;
const WHOLE_SECONDS = 1800;
const N_STRETCHES = 4;
const EXCERPT_RATE = 250;

interface Sink {
  readonly place: ChannelPlace;
  push(values: Float64Array, sessionTime: Float64Array): void;
}

/** Reads both hearts in one pass over each stream that they need. Memory does not grow with the ECG, only with its beats. */
export async function readHearts(
  recording: ContinuousRecording | undefined,
  members: readonly [MemberRequest, MemberRequest],
  onProgress: (seconds: number) => void = () => {},
): Promise<readonly [ReadHeart, ReadHeart]> {
  const streams = recording?.streams ?? [];
  const places = members.map((member) => placesOf(streams, member));
  const stretches = stretchesOf(places.map(({ ecg }) => ecg));
  const sinks: Sink[] = [];
  const parts = members.map((member, m) => {
    const { ecg, belt, movement } = places[m]!;
    const population: Population = member.role;
    const reader = ecg === undefined ? undefined : readerOf(ecg, population, member);
    const excerpts =
      ecg === undefined ? [] : stretches.map(([start, seconds]) => new Excerpt(start, seconds, EXCERPT_RATE));
    if (ecg !== undefined && reader !== undefined)
      sinks.push({
        place: ecg,
        push: (values, times) => {
          reader.push(values, times);
          for (const excerpt of excerpts)
            if (
              times[0]! <= excerpt.start + excerpt.values.length / EXCERPT_RATE &&
              times.at(-1)! >= excerpt.start - 1
            )
              excerpt.push(values, times, ecg.stream.nominalSamplingRate);
        },
      });
    const beltBins =
      belt === undefined ? undefined : new Binned(Math.min(BELT_RATE, belt.stream.nominalSamplingRate));
    if (belt !== undefined && beltBins !== undefined)
      sinks.push({ place: belt, push: (values, times) => beltBins.push(values, times) });
    const movementBins = movement === undefined ? undefined : new Binned(1);
    if (movement !== undefined && movementBins !== undefined)
      sinks.push({ place: movement, push: (values, times) => movementBins.push(values, times) });
    return { member, population, ecg, reader, excerpts, beltBins, movementBins };
  });
  if (recording !== undefined) await readSinks(recording, sinks, onProgress);
  const hearts = await Promise.all(
    parts.map(
      async ({ member, population, ecg, reader, excerpts, beltBins, movementBins }): Promise<ReadHeart> => {
        const imported =
          member.beatsPath === undefined ? undefined : await readBeatTable(member.beatsPath, member.id);
        const beats = imported?.beats ?? reader!.finish();
        return {
          member,
          population,
          beats,
          source: ecg === undefined ? `table ${imported!.name}` : `${ecg.stream.name}/${ecg.label}`,
          samplingRate: ecg?.stream.nominalSamplingRate ?? Number.NaN,
          excerpts,
          ...(imported === undefined ? {} : { imported }),
          ...(beltBins === undefined
            ? {}
            : { belt: { samplingRate: beltBins.samplingRate, values: beltBins.means() } }),
          ...(movementBins === undefined ? {} : { movement: movementBins.spreads() }),
        };
      },
    ),
  );
  return [hearts[0]!, hearts[1]!];
}

function placesOf(streams: readonly RecordedStream[], member: MemberRequest) {
  const { id, ecg, belt, movement, beatsPath } = member;
  if ((ecg === undefined) === (beatsPath === undefined))
    throw new StudyError(
      `${id} needs a heart: give either --${optionName(member)}-ecg CHANNEL or --${optionName(member)}-beats FILE${ecg === undefined ? "" : ", not both"}.`,
    );
  const find = (wanted: string | undefined, what: string): ChannelPlace | undefined =>
    wanted === undefined
      ? undefined
      : findChannel(streams, wanted, member, `--${optionName(member)}-${what}`);
  return { ecg: find(ecg, "ecg"), belt: find(belt, "belt"), movement: find(movement, "movement") };
}

/** Options are named by the place in the dyad, whatever the person is called. */
const optionName = ({ role }: MemberRequest): string => (role === "adult" ? "adult" : "infant");

function readerOf(
  { stream, label }: ChannelPlace,
  population: Population,
  member: MemberRequest,
): HeartReader {
  const { nominalSamplingRate } = stream;
  if (!(nominalSamplingRate >= 200 && nominalSamplingRate <= 2000))
    throw new StudyError(
      `${member.id}'s channel ${stream.name}/${label} has ${nominalSamplingRate} samples per second, and R peaks need 200 to 2000: record faster, resample, or import beats with --${optionName(member)}-beats.`,
    );
  return new HeartReader(nominalSamplingRate, population);
}

/** Where cross-talk is looked for: session start and length. */
function stretchesOf(ecgs: readonly (ChannelPlace | undefined)[]): [number, number][] {
  const [a, b] = ecgs;
  if (a === undefined || b === undefined) return [];
  const start = Math.max(a.stream.firstTime, b.stream.firstTime);
  const end = Math.min(a.stream.lastTime, b.stream.lastTime);
  const seconds = Math.floor(end - start);
  if (!(seconds > 0)) return [];
  if (seconds <= WHOLE_SECONDS) return [[start, seconds]];
  const free = seconds - STRETCH_SECONDS;
  return Array.from({ length: N_STRETCHES }, (_, k) => [
    start + Math.floor((free * k) / (N_STRETCHES - 1)),
    STRETCH_SECONDS,
  ]);
}

async function readSinks(
  recording: ContinuousRecording,
  sinks: readonly Sink[],
  onProgress: (seconds: number) => void,
): Promise<void> {
  for (const stream of new Set(sinks.map(({ place }) => place.stream))) {
    const mine = sinks.filter(({ place }) => place.stream === stream);
    const block = Math.max(1, Math.round(BLOCK_SECONDS * stream.nominalSamplingRate));
    for (let fromSample = 0; fromSample < stream.nSamples; fromSample += block) {
      const { data, sessionTime } = await recording.read(stream.id, { fromSample, nSamples: block });
      const n = sessionTime.length;
      for (const { place, push } of mine)
        push(data.subarray(place.row * n, (place.row + 1) * n), sessionTime);
      onProgress(sessionTime[n - 1] ?? 0);
    }
  }
}
