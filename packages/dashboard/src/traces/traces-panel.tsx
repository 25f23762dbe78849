import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { SessionView } from "../session/session-view.ts";
import { roleWords, tracesText } from "../texts/drawing.ts";
import { ChannelLabels } from "./channel-labels.tsx";
import type { TraceGroup } from "./layout.ts";
import { LiveMark } from "./live-mark.tsx";
import { AXIS_HEIGHT, LANE_HEIGHT, lanesOf, paintLanes } from "./paint-lanes.ts";
import { clockText, sessionZero } from "./session-zero.ts";
import { firstSettings, roleGain, stepGain, type TraceSettings } from "./settings.ts";
import { SilentStreams } from "./silent-streams.tsx";
import { onThemeChange, readThemeColours } from "./theme-colours.ts";
import { TraceControls } from "./trace-controls.tsx";
import { tracePosition } from "./trace-position.ts";
import { type ScreenSettings, TraceScreen } from "./trace-screen.ts";
import "./traces.css";

const SCROLL_SHARE = 0.5;

/** Adult above, infant below, each with the ECG, on one axis of time; follows the session or stands in its past. */
export function TracesPanel({ view }: { view: SessionView }) {
  const settings = useSignal<TraceSettings>(firstSettings);
  const groups = useSignal<{ groups: readonly TraceGroup[]; scale: number }>({ groups: [], scale: 1 });
  const showsEnvelope = useSignal(false);
  const screen = useRef<TraceScreen | undefined>(undefined);
  const canvas = useRef<HTMLCanvasElement>(null);
  const laneCanvas = useRef<HTMLCanvasElement>(null);
  const position = tracePosition(view);
  const lanes = useComputed(() =>
    lanesOf(view.timeline.value, view.hello.value?.coding.layers ?? [], view.hello.value?.people),
  );
  const lanesKey = lanes.value.map(({ person, layer }) => `${person}.${layer}`).join();

  useEffect(() => {
    const made = new TraceScreen(
      canvas.current!,
      {
        now: () => view.now(),
        timeline: () => view.timeline.peek(),
        zero: () => sessionZero(view),
        poor: (streamId) =>
          new Set(
            (view.quality.peek().get(streamId)?.channels ?? [])
              .filter(({ light }) => light === "poor")
              .map(({ label }) => label),
          ),
        requestPast: (from, to) => void view.send({ do: "traces", from, to }),
        onMove: (from, to) => {
          drawLanes(from, to);
          showsEnvelope.value = made.showsEnvelope;
        },
        onLayout: (laidOut, scale) => {
          groups.value = { groups: laidOut, scale };
        },
      },
      screenSettings(settings.peek(), view),
    );
    screen.current = made;
    const drawLanes = (from: number, to: number): void => {
      const target = laneCanvas.current;
      const context = target?.getContext("2d", { alpha: false });
      if (target === null || context === null || context === undefined) return;
      const ratio = devicePixelRatio;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      const secondsPerLabel = to - from > 15 ? 5 : 1;
      paintLanes(
        context,
        { from, to, width: target.width / ratio, zero: sessionZero(view), secondsPerLabel },
        lanes.peek(),
        view.timeline.peek(),
        readThemeColours(),
      );
    };
    const endTraces = view.onTraces((traces) => made.take(traces));
    void view.send({ do: "watch", traces: true });
    // The observer may still speak after the panel has left the page.
    const resize = new ResizeObserver(() => {
      if (canvas.current !== null && laneCanvas.current !== null)
        fit(canvas.current, made, laneCanvas.current);
    });
    resize.observe(canvas.current!.parentElement!);
    const endTheme = onThemeChange(() => made.invalidate());
    let frame = requestAnimationFrame(function draw() {
      made.frame();
      frame = requestAnimationFrame(draw);
    });
    return () => {
      cancelAnimationFrame(frame);
      endTraces();
      endTheme();
      resize.disconnect();
      void view.send({ do: "watch", traces: false });
    };
  }, [view]);

  const hello = view.hello.value;
  const streamsKey = hello?.streams.map((s) => `${s.id}:${s.samplingRate}:${s.channels.length}`).join() ?? "";
  useEffect(() => {
    const now = view.hello.peek();
    if (now !== undefined) screen.current?.show(now);
  }, [view, streamsKey]);
  useEffect(
    () => screen.current?.configure(screenSettings(settings.value, view)),
    [view, settings.value, streamsKey],
  );
  useEffect(() => screen.current?.moveTo(position.value), [view, position.value]);
  useEffect(() => {
    if (laneCanvas.current !== null && canvas.current !== null && screen.current !== undefined) {
      fit(canvas.current, screen.current, laneCanvas.current);
      screen.current.invalidate();
    }
  }, [lanesKey]);

  const change = (part: Partial<TraceSettings>): void => {
    settings.value = { ...settings.value, ...part };
  };
  const scroll = (by: number): void => {
    const newest = view.now();
    const width = settings.value.windowSeconds;
    const oldest = Math.min(view.timeline.value.from, screen.current?.oldest ?? newest);
    const wanted = (position.value ?? newest) + by;
    position.value = by > 0 && wanted >= newest ? null : Math.max(oldest + width, wanted);
  };
  const changeGain = (role: "adult" | "infant", by: 1 | -1): void => {
    const person = hello?.people.find((p) => p.role === role);
    if (person === undefined) return;
    const gain = settings.value.eegMicrovolts[person.id] ?? roleGain[role];
    change({ eegMicrovolts: { ...settings.value.eegMicrovolts, [person.id]: stepGain(gain, by) } });
  };
  const show = (at: number | null): void => {
    position.value = at;
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (
      event.defaultPrevented ||
      event.target instanceof HTMLSelectElement ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey
    )
      return;
    const width = settings.value.windowSeconds;
    const isButton = event.target instanceof HTMLButtonElement;
    const actions: Record<string, (() => void) | undefined> = {
      ArrowLeft: () => scroll(-width * SCROLL_SHARE),
      ArrowRight: () => scroll(width * SCROLL_SHARE),
      PageUp: () => scroll(-width * 3),
      PageDown: () => scroll(width * 3),
      Home: () => scroll(Number.NEGATIVE_INFINITY),
      End: () => show(null),
      ArrowUp: () => changeGain(event.shiftKey ? "infant" : "adult", 1),
      ArrowDown: () => changeGain(event.shiftKey ? "infant" : "adult", -1),
      " ": isButton ? undefined : () => show(position.value === null ? view.now() : null),
    };
    const action = actions[event.key];
    if (action === undefined) return;
    action();
    event.preventDefault();
    event.stopPropagation();
  };

  const hasOthers = (hello?.streams ?? []).some(
    ({ samplingRate, channels }) =>
      samplingRate > 0 &&
      channels.some(({ signal }) => signal !== "eeg" && signal !== "ecg" && signal !== "gaze"),
  );
  const zero = sessionZero(view);
  const summary = [
    tracesText.summary(
      groups.value.groups
        .map(({ role, rows }) =>
          tracesText.summaryPart(
            roleWords[role],
            rows.filter(({ kind }) => kind === "eeg").length,
            rows.filter(({ kind }) => kind === "ecg").length,
          ),
        )
        .join("; "),
      settings.value.windowSeconds,
      view.timeline.value.gaps.filter(({ to }) => to > view.now() - settings.value.windowSeconds).length,
    ),
    position.value === null ? "" : tracesText.at(clockText(position.value - zero)),
  ].join(" ");

  return (
    <section class="panel traces-panel" aria-label={tracesText.title} onKeyDown={onKeyDown}>
      <div class="traces-bar">
        <LiveMark view={view} windowSeconds={settings.value.windowSeconds} scroll={scroll} />
        <p class="traces-notice">
          {noticeOf(settings.value)}
          {showsEnvelope.value && ` ${tracesText.noticeEnvelope}`}
        </p>
        <TraceControls
          people={hello?.people ?? []}
          hasOthers={hasOthers}
          settings={settings.value}
          change={change}
        />
      </div>
      <div class="traces-body" data-empty={groups.value.groups.length === 0}>
        <div class="traces-lane-labels" aria-hidden="true">
          {lanes.value.map(({ person, layer }) => (
            <span key={`${person}.${layer}`} style={{ height: `${LANE_HEIGHT + 2}px` }}>
              {tracesText.lane(person, layer)}
            </span>
          ))}
        </div>
        <div class="traces-lanes" aria-hidden="true">
          <canvas
            ref={laneCanvas}
            style={{ height: `${lanes.value.length * (LANE_HEIGHT + 2) + AXIS_HEIGHT}px` }}
          />
        </div>
        <ChannelLabels
          view={view}
          groups={groups.value.groups}
          scale={groups.value.scale}
          settings={settings.value}
        />
        <div class="traces-screen">
          <canvas ref={canvas} role="img" aria-label={summary} tabIndex={0} title={tracesText.keys} />
          <SilentStreams view={view} groups={groups.value.groups} scale={groups.value.scale} />
          {groups.value.groups.length === 0 && <p class="traces-empty">{tracesText.empty}</p>}
        </div>
      </div>
    </section>
  );
}

function fit(canvas: HTMLCanvasElement, screen: TraceScreen, lanes: HTMLCanvasElement): void {
  const ratio = devicePixelRatio;
  const { clientWidth, clientHeight } = canvas.parentElement!;
  const width = Math.round(clientWidth * ratio);
  const height = Math.round(clientHeight * ratio);
  lanes.width = width;
  lanes.height = Math.round(lanes.clientHeight * ratio);
  if (canvas.width !== width || canvas.height !== height) screen.resize(width, height, ratio);
}

function screenSettings(settings: TraceSettings, view: SessionView): ScreenSettings {
  const people = view.hello.peek()?.people ?? [];
  const gains = people.map(({ id, role }) => [id, settings.eegMicrovolts[id] ?? roleGain[role]] as const);
  return {
    windowSeconds: settings.windowSeconds,
    filter: settings.filter,
    isReferenced: settings.isReferenced,
    isEverything: settings.isEverything,
    gains: { eegMicrovolts: Object.fromEntries(gains), ecgMillivolts: settings.ecgMillivolts },
  };
}

function noticeOf({ filter, isReferenced }: TraceSettings): string {
  return tracesText.notice([
    ...(filter.highPass ? [tracesText.noticeHighPass] : []),
    ...(filter.lowPass ? [tracesText.noticeLowPass] : []),
    ...(filter.notch === 0 ? [] : [tracesText.noticeNotch(filter.notch)]),
    ...(isReferenced ? [tracesText.noticeReference] : []),
  ]);
}
