/** An area of interest in the tracker's own coordinates. Edges belong to it. */
export type AreaShape =
  | {
      readonly kind: "rectangle";
      readonly x: number;
      readonly y: number;
      readonly width: number;
      readonly height: number;
    }
  /** Corners in order, at least three; an edge may cross another (even-odd rule). */
  | { readonly kind: "polygon"; readonly points: readonly (readonly [x: number, y: number])[] }
  /** A rectangle that moves, such as a face box in the scene camera: told by `pushBox`. */
  | { readonly kind: "moving" };

export interface GazeArea {
  readonly name: string;
  /** State while the eyes are in it: `partner`, `direct`, `object`. */
  readonly state: string;
  readonly shape: AreaShape;
}

/** Where a moving area lies; `x`, `y` the corner with the smaller coordinates. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const inBox = ({ x, y, width, height }: Box, px: number, py: number): boolean =>
  px >= x && px <= x + width && py >= y && py <= y + height;

/** Even-odd rule; points on an edge count as inside. */
export function inPolygon(
  points: readonly (readonly [x: number, y: number])[],
  px: number,
  py: number,
): boolean {
  let inside = false;
  for (let i = 0, j = points.length - 1; i < points.length; j = i++) {
    const [xi, yi] = points[i]!;
    const [xj, yj] = points[j]!;
    const cross = (px - xi) * (yj - yi) - (py - yi) * (xj - xi);
    const between = (px - xi) * (px - xj) + (py - yi) * (py - yj) <= 0;
    if (cross === 0 && between) return true;
    if (yi > py !== yj > py && px < xi + ((py - yi) * (xj - xi)) / (yj - yi)) inside = !inside;
  }
  return inside;
}
