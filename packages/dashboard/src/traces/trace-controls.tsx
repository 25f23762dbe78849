import type { Hello } from "@attune/wire/page";
import { roleWords, tracesText } from "../texts/drawing.ts";
import { ECG_GAINS, EEG_GAINS, roleGain, type TraceSettings, WINDOWS } from "./settings.ts";

interface Choice {
  readonly label: string;
  readonly value: number;
  readonly choices: readonly number[];
  readonly word: (value: number) => string;
  readonly onChoose: (value: number) => void;
}

function Choose({ label, value, choices, word, onChoose }: Choice) {
  return (
    <label class="traces-choice">
      <span>{label}</span>
      <select value={String(value)} onChange={(event) => onChoose(Number(event.currentTarget.value))}>
        {choices.map((choice) => (
          <option key={choice} value={String(choice)} selected={choice === value}>
            {word(choice)}
          </option>
        ))}
      </select>
    </label>
  );
}

function Switch({
  label,
  isOn,
  onChange,
}: {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}) {
  return (
    <button type="button" class="traces-switch" aria-pressed={isOn} onClick={() => onChange(!isOn)}>
      <span aria-hidden="true">{isOn ? "☑" : "☐"}</span> {label}
    </button>
  );
}

/** Width of the window, and behind one button the gain of each person, filters and reference of the picture. */
export function TraceControls({
  people,
  hasOthers,
  settings,
  change,
}: {
  people: Hello["people"];
  /** Whether there are channels that are neither EEG nor ECG. */
  hasOthers: boolean;
  settings: TraceSettings;
  change: (part: Partial<TraceSettings>) => void;
}) {
  const { filter } = settings;
  return (
    <div class="traces-controls">
      <Choose
        label={tracesText.window}
        value={settings.windowSeconds}
        choices={WINDOWS}
        word={tracesText.seconds}
        onChoose={(windowSeconds) => change({ windowSeconds })}
      />
      <details
        class="traces-more"
        onKeyDown={(event) => {
          if (event.key !== "Escape" || !event.currentTarget.open) return;
          event.currentTarget.open = false;
          event.currentTarget.querySelector("summary")?.focus();
          event.stopPropagation();
        }}
      >
        <summary>{tracesText.more}</summary>
        <div>
          {people.map(({ id, role }) => (
            <Choose
              key={id}
              label={tracesText.gainOf(
                people.filter((p) => p.role === role).length > 1 ? id : roleWords[role],
              )}
              value={settings.eegMicrovolts[id] ?? roleGain[role]}
              choices={EEG_GAINS}
              word={tracesText.microvolts}
              onChoose={(gain) => change({ eegMicrovolts: { ...settings.eegMicrovolts, [id]: gain } })}
            />
          ))}
          <Choose
            label={tracesText.heart}
            value={settings.ecgMillivolts}
            choices={ECG_GAINS}
            word={tracesText.millivolts}
            onChoose={(ecgMillivolts) => change({ ecgMillivolts })}
          />
          <Choose
            label={tracesText.notch}
            value={filter.notch}
            choices={[0, 50, 60]}
            word={(n) => (n === 0 ? tracesText.notchOff : tracesText.hertz(n))}
            onChoose={(notch) =>
              change({ filter: { ...filter, notch: notch === 50 || notch === 60 ? notch : 0 } })
            }
          />
          <Choose
            label={tracesText.reference}
            value={settings.isReferenced ? 1 : 0}
            choices={[0, 1]}
            word={(n) => (n === 1 ? tracesText.average : tracesText.asRecorded)}
            onChoose={(n) => change({ isReferenced: n === 1 })}
          />
          <Switch
            label={tracesText.highPass}
            isOn={filter.highPass}
            onChange={(highPass) => change({ filter: { ...filter, highPass } })}
          />
          <Switch
            label={tracesText.lowPass}
            isOn={filter.lowPass}
            onChange={(lowPass) => change({ filter: { ...filter, lowPass } })}
          />
          {hasOthers && (
            <Switch
              label={tracesText.everything}
              isOn={settings.isEverything}
              onChange={(isEverything) => change({ isEverything })}
            />
          )}
        </div>
      </details>
    </div>
  );
}
