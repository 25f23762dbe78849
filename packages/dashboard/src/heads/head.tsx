import { headsText, type roleWords } from "../texts/drawing.ts";
import { electrodeWords, Light } from "./electrode-mark.tsx";
import { countLights, type Electrode } from "./electrodes.ts";

/** Electrodes fill the drawing a little more than they do a head, so that their names find room. */
const SPREAD = 1.12;

/** Names of the foremost row, and of the one before the last, stand above, so that neighbours do not write over each other. */
const isNameAbove = (y: number): boolean => y > 0.68 || (y < -0.5 && y > -0.68);

export interface HeadPlace {
  readonly x: number;
  readonly y: number;
  readonly radius: number;
}

/** One head from above with a light at each electrode. Tab reaches the head, arrow keys go from electrode to electrode. */
export function Head({
  role,
  name,
  place,
  electrodes,
  pointed,
  onPoint,
}: {
  role: keyof typeof roleWords;
  name: string;
  place: HeadPlace;
  electrodes: readonly Electrode[];
  pointed: Electrode | undefined;
  onPoint: (electrode: Electrode | undefined) => void;
}) {
  const placed = electrodes.filter(({ position }) => position !== undefined);
  // Of those on the head: hearts and what has no place stand below the drawing, each with its own light.
  const counts = countLights(placed);
  const { x, y, radius } = place;
  const move = (by: number): void => {
    const index = placed.findIndex(({ label }) => label === pointed?.label);
    onPoint(placed[(index + by + placed.length) % placed.length]);
  };
  return (
    // biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole lint/a11y/useSemanticElements: a drawing has no element of its own for this
    <g
      class="heads-head"
      data-role={role}
      transform={`translate(${x} ${y})`}
      role="group"
      aria-label={`${headsText.head(name, counts.good, counts.fair, counts.poor, counts.unknown)} ${pointed === undefined ? "" : electrodeWords(pointed)}`}
      tabIndex={0}
      onKeyDown={(event) => {
        const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (by === undefined || placed.length === 0) return;
        move(by);
        event.preventDefault();
        event.stopPropagation();
      }}
      onBlur={() => onPoint(undefined)}
    >
      <path
        class="heads-outline"
        d={`M${-radius * 0.13} ${-radius * 0.985}L0 ${-radius * 1.13}L${radius * 0.13} ${-radius * 0.985}`}
      />
      <path class="heads-outline" d={ear(radius, -1)} />
      <path class="heads-outline" d={ear(radius, 1)} />
      <circle class="heads-outline" r={radius} />
      {placed.map((electrode) => (
        <g
          key={electrode.label}
          data-label={electrode.label}
          transform={`translate(${electrode.position!.x * radius * SPREAD} ${-electrode.position!.y * radius * SPREAD})`}
          onPointerEnter={() => onPoint(electrode)}
          onPointerLeave={() => onPoint(undefined)}
        >
          <circle class="heads-target" r="12" />
          {pointed?.label === electrode.label && <circle class="heads-pointed" r="12" />}
          <Light light={electrode.light} />
          <text
            class="heads-label"
            y={isNameAbove(electrode.position!.y) ? -9.5 : 15.8}
            text-anchor="middle"
            data-above={isNameAbove(electrode.position!.y)}
            data-light={electrode.light}
          >
            {electrode.label}
          </text>
          <title>{electrodeWords(electrode)}</title>
        </g>
      ))}
      <text class="heads-name" y={radius + 24} text-anchor="middle">
        {name}
      </text>
      <text class="heads-counts" y={radius + 44} text-anchor="middle">
        {headsText.counts(counts.good, placed.length)}
      </text>
    </g>
  );
}

const ear = (radius: number, side: 1 | -1): string =>
  `M${side * radius * 0.98} ${-radius * 0.2}c${side * radius * 0.11} ${-radius * 0.06} ${side * radius * 0.11} ${radius * 0.36} 0 ${radius * 0.4}`;
