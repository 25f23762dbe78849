import { Icon, type IconName } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { age, bytes, bytesPerSecond, clockTime, readable, roomMinutes } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import { knownState, phaseRemaining, type StateKind } from "./session-state.ts";
import { Tools } from "./tools.tsx";

const ICONS: Readonly<Record<StateKind, IconName>> = {
  connecting: "circle",
  disconnected: "unplugged",
  unanswered: "unknown",
  silent: "unknown",
  idle: "circle",
  monitoring: "eye",
  running: "eye",
  recording: "record",
  paused: "pause",
  stopped: "warning",
  ended: "check-circle",
  replay: "history",
};

/** The one thing to see from three metres: what is being done with the signals of these people. */
export function StateBar({ page }: { page: PageModel }) {
  const { kind, word, stress, detail } = page.state.value;
  const hello = page.session.hello.value;
  return (
    <header class={`state-bar is-${kind}`} data-state={kind}>
      <p class="visually-hidden" role="alert">
        {kind === "silent" ? texts.state.silentSpoken : ""}
      </p>
      <div class="state">
        <span class="state-icon">
          <Icon name={ICONS[kind]} size={44} />
        </span>
        <span class="state-words">
          <h1 class="state-word">
            {word}
            {stress !== "" && (
              <>
                {" "}
                <strong class="state-stress">{stress}</strong>
              </>
            )}
          </h1>
          {detail !== "" && <span class="state-detail">{detail}</span>}
        </span>
      </div>
      <Figures page={page} />
      <div class="bar-end">
        {hello !== undefined && <span class="session-name">{hello.session}</span>}
        <Tools page={page} />
      </div>
    </header>
  );
}

function Figures({ page }: { page: PageModel }) {
  const { session } = page;
  const standing = session.standing.value;
  const { kind } = page.state.value;
  if (standing === undefined || kind === "connecting") return <div class="figures" />;
  if (kind === "disconnected") {
    const known = knownState(session.hello.value, standing);
    return (
      <div class="figures">
        <Figure name={texts.connection.lastKnown} value={known.word} isLarge />
      </div>
    );
  }
  const { replay } = standing;
  if (replay !== null)
    return (
      <div class="figures">
        <Figure
          name={texts.bar.position}
          value={clockTime(session.now() - replay.from)}
          note={`/ ${clockTime(replay.to - replay.from)}`}
          isLarge
        />
        <Figure
          name={texts.replay.speed}
          value={replay.isPlaying ? texts.bar.playing(`${replay.speed}`) : texts.bar.stopped}
        />
        {!replay.isAnalysed && <Figure name="" value={texts.bar.analysing} />}
      </div>
    );
  const { elapsedSeconds, recording, phase, stage } = standing;
  const remaining = phaseRemaining(standing, standing.at);
  const isSilent = kind === "silent" || kind === "unanswered";
  return (
    <div class="figures">
      {isSilent && (
        <Figure name={texts.connection.lastKnown} value={knownState(session.hello.value, standing).word} />
      )}
      {elapsedSeconds !== null && (
        <Figure name={texts.bar.elapsed} value={clockTime(elapsedSeconds)} isLarge />
      )}
      {stage === "running" && phase !== null && (
        <Figure
          name={`${texts.bar.phase}: ${readable(phase.name)}`}
          value={
            remaining === null
              ? clockTime(standing.at - phase.since)
              : clockTime(Math.abs(Math.ceil(remaining)))
          }
          note={remaining === null ? "" : remaining >= 0 ? texts.bar.left : texts.bar.over}
          isLarge
        />
      )}
      {isSilent && recording !== null && <LastWrite page={page} age={recording.lastWriteAgeSeconds} />}
      {!isSilent && recording !== null && stage === "running" && (
        <div class="figure-pair">
          <Figure
            name={texts.bar.written}
            value={`${bytes(recording.bytesWritten)}, ${bytesPerSecond(recording.bytesPerSecond)}`}
          />
          <LastWrite page={page} age={recording.lastWriteAgeSeconds} />
          {recording.diskMinutes !== null && (
            <Figure name={texts.bar.disk} value={roomMinutes(recording.diskMinutes)} />
          )}
        </div>
      )}
    </div>
  );
}

/** What was told grows old on this page's own clock: a program that stands still tells nothing. */
function LastWrite({ page, age: told }: { page: PageModel; age: number | null }) {
  const { silentSeconds, standingAge } = page.session;
  const isOld = silentSeconds.value > 0;
  return (
    <Figure
      name={texts.bar.lastWrite}
      value={told === null ? "–" : `${age(told + standingAge)} ${texts.bar.ago}`}
      isOld={isOld}
    />
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  readonly note?: string;
  readonly isLarge?: boolean;
  readonly isOld?: boolean;
}

const Figure = ({ name, value, note = "", isLarge = false, isOld = false }: FigureProps) => (
  <span class={`figure${isLarge ? " is-large" : ""}${isOld ? " is-old" : ""}`}>
    <span class="figure-name">{name}</span>
    <span class="figure-value">
      {value}
      {note !== "" && <span class="figure-note"> {note}</span>}
    </span>
  </span>
);
