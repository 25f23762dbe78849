/**
 * Places of electrodes on a head seen from above, nose up: x to the right ear, y to the nose, 1 at the level of nasion and inion. The
 * international 10-10 system (Nuwer et al. 1998, J Clin Neurophysiol 15:146; Oostenveld & Praamstra 2001, Clin Neurophysiol
 * 112:713) on a sphere, seen in the azimuthal equidistant projection, in which tenths of an arc through the vertex stay tenths.
 */
export interface ElectrodePosition {
  readonly x: number;
  readonly y: number;
}

/** Rows from front to back: tenths of the midline from the vertex, and the angle from the nose of the place on the ring (10 % above nasion). */
const ROWS: Readonly<Record<string, { readonly midline: number; readonly ringDegrees: number }>> = {
  Fp: { midline: 0.8, ringDegrees: 18 },
  AF: { midline: 0.6, ringDegrees: 36 },
  F: { midline: 0.4, ringDegrees: 54 },
  FC: { midline: 0.2, ringDegrees: 72 },
  FT: { midline: 0.2, ringDegrees: 72 },
  C: { midline: 0, ringDegrees: 90 },
  T: { midline: 0, ringDegrees: 90 },
  CP: { midline: -0.2, ringDegrees: 108 },
  TP: { midline: -0.2, ringDegrees: 108 },
  P: { midline: -0.4, ringDegrees: 126 },
  PO: { midline: -0.6, ringDegrees: 144 },
  O: { midline: -0.8, ringDegrees: 162 },
};
const RING = 0.8;
/** Share of the arc from the midline to the ring, by number. 9 and 10 lie a tenth below the ring. */
const SHARES: Readonly<Record<number, number>> = { 1: 0.25, 3: 0.5, 5: 0.75, 7: 1, 9: 1 };
/** The 10-20 system's names before 1991. */
const OLD_NAMES: Readonly<Record<string, string>> = { T3: "T7", T4: "T8", T5: "P7", T6: "P8" };
const OTHERS: Readonly<Record<string, ElectrodePosition>> = {
  Nz: { x: 0, y: 1 },
  Iz: { x: 0, y: -1 },
  A1: { x: -1.02, y: -0.12 },
  A2: { x: 1.02, y: -0.12 },
  M1: { x: -0.98, y: -0.26 },
  M2: { x: 0.98, y: -0.26 },
};

/**
 * Where an electrode sits, by its label; undefined for labels of no standard place. Case does not matter, nor do the words that
 * recorders put around a label ("EEG Fp1-Ref").
 */
export function electrodePosition(label: string): ElectrodePosition | undefined {
  const bare = label
    .trim()
    .replace(/^EEG[ _:]*/i, "")
    .replace(/[-_ ](ref|le|re|avg|av|a1|a2|m1|m2|cz)$/i, "");
  const match = /^([a-z]{1,2}?)(z|10|\d)$/i.exec(bare);
  if (match === null) return undefined;
  const prefix = Object.keys(ROWS).find((row) => row.toLowerCase() === match[1]!.toLowerCase());
  const name = `${prefix ?? capital(match[1]!)}${match[2]!.toLowerCase()}`;
  const other = OTHERS[name];
  if (other !== undefined) return other;
  return standardPosition(OLD_NAMES[name] ?? name);
}

function standardPosition(name: string): ElectrodePosition | undefined {
  const [, prefix = "", place = ""] = /^([A-Za-z]+)(z|\d+)$/.exec(name) ?? [];
  const row = ROWS[prefix];
  if (row === undefined) return undefined;
  if (place === "z") return /^(T|FT|TP)$/.test(prefix) ? undefined : { x: 0, y: row.midline };
  const number = Number(place);
  const odd = number % 2 === 1 ? number : number - 1;
  const share = SHARES[odd];
  if (share === undefined || number < 1) return undefined;
  const side = number % 2 === 1 ? -1 : 1;
  const isOnRing = prefix === "Fp" || prefix === "O";
  const { x, y } =
    odd === 9
      ? onCircle(row.ringDegrees, 1)
      : isOnRing
        ? onCircle(row.ringDegrees, RING)
        : alongRow(row, share);
  return { x: side * x, y };
}

const onCircle = (degrees: number, radius: number): ElectrodePosition => ({
  x: radius * Math.sin((degrees * Math.PI) / 180),
  y: radius * Math.cos((degrees * Math.PI) / 180),
});

type Vector = readonly [number, number, number];

/** A row is the circle on the sphere through its place on the midline and its two places on the ring; `share` is of the arc. */
function alongRow(
  row: { readonly midline: number; readonly ringDegrees: number },
  share: number,
): ElectrodePosition {
  const middle = toSphere({ x: 0, y: row.midline });
  const right = toSphere(onCircle(row.ringDegrees, RING));
  const left: Vector = [-right[0], right[1], right[2]];
  // The plane of the row holds the x direction, so its centre lies in the plane of the midline.
  const halfway: Vector = [0, right[1], right[2]];
  const u = unit([middle[0] - halfway[0], middle[1] - halfway[1], middle[2] - halfway[2]]);
  const height = length([middle[0] - halfway[0], middle[1] - halfway[1], middle[2] - halfway[2]]);
  const half = (right[0] - left[0]) / 2;
  const radius = (half * half + height * height) / (2 * height);
  const centre = height - radius;
  const fullAngle = Math.atan2(half, -centre);
  const angle = fullAngle * share;
  const along = centre + radius * Math.cos(angle);
  return toPlane([radius * Math.sin(angle), halfway[1] + u[1] * along, halfway[2] + u[2] * along]);
}

/** x right, y front, z up. */
function toSphere({ x, y }: ElectrodePosition): Vector {
  const radius = Math.hypot(x, y);
  if (radius === 0) return [0, 0, 1];
  const polar = (radius * Math.PI) / 2;
  return [(Math.sin(polar) * x) / radius, (Math.sin(polar) * y) / radius, Math.cos(polar)];
}

function toPlane([x, y, z]: Vector): ElectrodePosition {
  const flat = Math.hypot(x, y);
  if (flat < 1e-12) return { x: 0, y: 0 };
  const radius = Math.atan2(flat, z) / (Math.PI / 2);
  return { x: (x / flat) * radius, y: (y / flat) * radius };
}

const length = ([x, y, z]: Vector): number => Math.hypot(x, y, z);
const unit = (v: Vector): Vector => {
  const n = length(v);
  return n === 0 ? v : [v[0] / n, v[1] / n, v[2] / n];
};
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();
