/** Front-to-back place of the rows of the 10-10 system: -1 the back of the head, +1 the front. */
const rowOf: Readonly<Record<string, number>> = {
  FP: 0.82,
  AF: 0.62,
  F: 0.42,
  FT: 0.21,
  FC: 0.21,
  T: 0,
  C: 0,
  TP: -0.21,
  CP: -0.21,
  P: -0.42,
  PO: -0.62,
  O: -0.82,
};

const olderNames: Readonly<Record<string, string>> = { T3: "T7", T4: "T8", T5: "P7", T6: "P8" };

/**
 * Where an electrode lies on a head seen from above, nose towards +y: x from -1 (left ear) to +1 (right ear).
 * Good enough to recognise a montage, not for measuring. `undefined` for labels outside the 10-10 system.
 *
 * Odd numbers are left, even right, z the midline; the number is the distance from the midline (Jasper 1958; 10-10
 * extension, Chatrian 1985).
 */
export function electrodePosition(label: string): { readonly x: number; readonly y: number } | undefined {
  const name = olderNames[label.trim().toUpperCase()] ?? label.trim().toUpperCase();
  const match = /^([A-Z]{1,2}?)(Z|\d{1,2})$/.exec(name);
  if (match === null) return undefined;
  const y = rowOf[match[1] as string];
  if (y === undefined) return undefined;
  if (match[2] === "Z") return { x: 0, y };
  const number = Number(match[2]);
  if (number < 1 || number > 8) return undefined;
  const steps = Math.ceil(number / 2);
  // Rows become shorter towards front and back, as the head does.
  const halfWidth = 0.84 * Math.sqrt(1 - y * y);
  return { x: (number % 2 === 1 ? -1 : 1) * (steps / 4) * halfWidth, y };
}
