import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { bandOf } from "../coupling/chosen-band.ts";
import { isOfPair, pairOf } from "../coupling/chosen-pair.tsx";
import { nameOf } from "../coupling/read-evidence.ts";
import { LatestOnly } from "../parts/latest-only.ts";
import { gazeOnsets, nextOnset, previousOnset } from "../replay/gaze-onsets.ts";
import type { SessionView } from "../session/session-view.ts";
import { couplingText, roleWords, timelineText, tracesText } from "../texts/drawing.ts";
import { clockText, sessionZero } from "../traces/session-zero.ts";
import { onThemeChange, readThemeColours } from "../traces/theme-colours.ts";
import { tracePosition } from "../traces/trace-position.ts";
import { paintTimeline } from "./paint-timeline.ts";
import { LOW, ROOMY, rowsHeight, secondsPerState, timelineRows } from "./rows.ts";
import "./timeline.css";

const STEP_SECONDS = 1;
const LONG_STEP_SECONDS = 10;
const POSITION_EVERY_MILLISECONDS = 100;
const LOW_SCREEN = "(max-height: 840px)";
/** A live timeline leaves room on the right, so that it is not squeezed at every second. */
const LIVE_STEP_SECONDS = 60;

/** The whole session in one strip: what was coded, lost and rejected, and coupling. A replay is wound from here. */
export function TimelinePanel({ view }: { view: SessionView }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const box = useRef<HTMLDivElement>(null);
  const now = useSignal(view.now());
  const width = useSignal(0);
  const theme = useSignal(0);
  const isLow = useSignal(matchMedia(LOW_SCREEN).matches);
  const measures = isLow.value ? LOW : ROOMY;
  const isReplay = view.hello.value?.mode === "replay";
  const people = view.hello.value?.people ?? [];
  const band = bandOf(view);
  const rows = useComputed(() =>
    timelineRows(
      view.timeline.value,
      view.hello.value?.coding.layers ?? [],
      bandOf(view),
      view.hello.value?.people,
    ).filter((row) => row.kind !== "coupling" || isOfPair(pairOf(view), row)),
  );
  const zero = sessionZero(view);
  const timeline = view.timeline.value;
  const from = view.standing.value?.replay?.from ?? timeline.from;
  const length = Math.max(1, (view.standing.value?.replay?.to ?? timeline.to) - from);
  const to = isReplay
    ? from + length
    : from + Math.ceil((length + 1) / LIVE_STEP_SECONDS) * LIVE_STEP_SECONDS;
  const position = isReplay ? now.value : (tracePosition(view).value ?? now.value);

  useEffect(() => {
    const timer = setInterval(() => {
      now.value = view.now();
    }, POSITION_EVERY_MILLISECONDS);
    const endTheme = onThemeChange(() => theme.value++);
    const screen = matchMedia(LOW_SCREEN);
    const onScreen = () => {
      isLow.value = screen.matches;
    };
    screen.addEventListener("change", onScreen);
    const resize = new ResizeObserver(() => {
      width.value = box.current?.clientWidth ?? 0;
    });
    resize.observe(box.current!);
    return () => {
      clearInterval(timer);
      endTheme();
      screen.removeEventListener("change", onScreen);
      resize.disconnect();
    };
  }, [view]);

  const height = rowsHeight(rows.value, measures);
  useEffect(() => {
    const target = canvas.current;
    if (target === null || width.value === 0) return;
    const ratio = devicePixelRatio;
    target.width = Math.round(width.value * ratio);
    target.height = Math.round(height * ratio);
    const context = target.getContext("2d", { alpha: false })!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const picture = {
      timeline,
      rows: rows.value,
      measures,
      people,
      band,
      from,
      to,
      zero,
      width: width.value,
      colours: readThemeColours(),
    };
    paintTimeline(context, picture);
  }, [timeline, rows.value, band, from, to, zero, width.value, height, measures, theme.value]);

  const seeks = useRef<LatestOnly<number> | undefined>(undefined);
  useEffect(() => {
    seeks.current = new LatestOnly((to) => view.send({ do: "seek", to }));
  }, [view]);
  const go = (time: number): void => {
    const target = Math.min(from + length, Math.max(from, time));
    if (!isReplay) {
      tracePosition(view).value = target >= view.now() - 1 ? null : target;
      return;
    }
    now.value = target;
    seeks.current?.want(target);
  };
  const timeAt = (event: PointerEvent): number => {
    const { left, width: full } = box.current!.getBoundingClientRect();
    return from + ((event.clientX - left) / full) * (to - from);
  };
  const analysis = view.hello.value?.analysis;
  const onsets = (): readonly number[] =>
    gazeOnsets(
      timeline,
      analysis ?? { person: people.find(({ role }) => role === "adult")?.id ?? "adult", layer: "gaze" },
    );
  const isPlaying = view.standing.value?.replay?.isPlaying ?? true;
  const jump = (time: number | undefined): void => {
    if (time !== undefined) go(time);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = event.shiftKey ? LONG_STEP_SECONDS : STEP_SECONDS;
    const actions: Record<string, (() => void) | undefined> = {
      ArrowLeft: () => go(position - step),
      ArrowRight: () => go(position + step),
      Home: () => go(from),
      End: () => go(from + length),
      PageUp: () => jump(previousOnset(onsets(), position, isPlaying && isReplay)),
      PageDown: () => jump(nextOnset(onsets(), position)),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  };

  const name = (person: string): string =>
    person === "session" ? person : nameOf(person, people, roleWords);
  const summary = timelineText.summary(
    clockText(length),
    timeline.intervals.length,
    timeline.gaps.length,
    timeline.events.length,
    timeline.rejected.length,
  );
  return (
    <section class="panel timeline-panel" aria-label={timelineText.title}>
      <div class="timeline-labels" style={{ paddingTop: `${measures.axis}px` }}>
        {rows.value.map((row) => (
          <span
            key={
              row.kind === "lane"
                ? `${row.lane.person}.${row.lane.layer}`
                : row.kind === "coupling"
                  ? `${row.from}-${row.to}`
                  : row.kind
            }
            style={{ height: `${measures[row.kind]}px`, marginBottom: `${measures.between}px` }}
          >
            {row.kind === "lane"
              ? tracesText.lane(name(row.lane.person), row.lane.layer)
              : row.kind === "coupling"
                ? couplingText.direction(name(row.from), name(row.to))
                : row.kind === "gaps"
                  ? timelineText.gaps
                  : timelineText.quality}
          </span>
        ))}
      </div>
      <div
        ref={box}
        class="timeline-strip"
        role="slider"
        tabIndex={0}
        aria-label={timelineText.position}
        aria-valuemin={0}
        aria-valuemax={Math.round(length)}
        aria-valuenow={Math.round(position - from)}
        aria-valuetext={`${clockText(position - zero)}. ${summary}`}
        title={isReplay ? timelineText.seekHint : timelineText.liveHint}
        onKeyDown={onKeyDown}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          go(timeAt(event));
        }}
        onPointerMove={(event) => {
          if (event.buttons === 1 && event.currentTarget.hasPointerCapture(event.pointerId))
            go(timeAt(event));
        }}
      >
        <canvas ref={canvas} style={{ height: `${height}px` }} />
        <div
          class="timeline-now"
          style={{ transform: `translateX(${((position - from) / (to - from)) * width.value}px)` }}
        >
          <span data-left={position - from > (to - from) / 2}>{clockText(position - zero)}</span>
        </div>
      </div>
      {view.standing.value?.replay?.isAnalysed === false && (
        <p class="timeline-hint">{timelineText.growing}</p>
      )}
      {/* A table is as high as its rows, whatever height it is given: its box is what takes no room. */}
      <div class="visually-hidden">
        <table>
          <caption>{timelineText.share}</caption>
          <tbody>
            {rows.value.flatMap((row) =>
              row.kind !== "lane"
                ? []
                : [...secondsPerState(timeline, row.lane)].map(([state, seconds]) => (
                    <tr key={`${row.lane.person}.${row.lane.layer}.${state}`}>
                      <th scope="row">{`${tracesText.lane(name(row.lane.person), row.lane.layer)}: ${state}`}</th>
                      <td>{clockText(seconds)}</td>
                    </tr>
                  )),
            )}
          </tbody>
        </table>
      </div>
    </section>
  );
}
