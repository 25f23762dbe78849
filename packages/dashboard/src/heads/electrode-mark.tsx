import { headsText, lightLetters, lightWords, reasonWords } from "../texts/drawing.ts";
import type { Electrode } from "./electrodes.ts";

/** What is known about an electrode, in one line. */
export function electrodeWords({ label, unit, light, quality }: Electrode): string {
  const reasons = quality?.reasons.map((reason) => reasonWords[reason]) ?? [];
  const details = [
    ...(quality?.rms === null || quality === undefined
      ? []
      : [headsText.rms(quality.rms, unit === "uV" ? "µV" : unit)]),
    ...(quality?.kilohms === null || quality === undefined ? [] : [headsText.kilohms(quality.kilohms)]),
  ];
  return headsText.electrode(label, lightWords[light], reasons, details);
}

/** The same without its numbers. */
export const troubleWords = ({ label, light, quality }: Electrode): string =>
  headsText.electrode(
    label,
    lightWords[light],
    quality?.reasons.map((reason) => reasonWords[reason]) ?? [],
    [],
  );

const shapes = {
  good: <circle r="7.6" />,
  fair: <rect x="-7.2" y="-7.2" width="14.4" height="14.4" rx="1.5" />,
  poor: <path d="M0-9.4 9.4 7.4H-9.4Z" />,
  unknown: <circle r="7.6" stroke-dasharray="2.5 2.5" />,
} as const;

/** A light: shape, colour and letter say the same. */
export function Light({ light }: { light: Electrode["light"] }) {
  return (
    <g class="heads-light" data-light={light}>
      {shapes[light]}
      <text y={light === "poor" ? 5.4 : 3.2} text-anchor="middle">
        {lightLetters[light]}
      </text>
    </g>
  );
}
