/** A colour as it lies in the memory of an image: 0xAABBGGRR on the little-endian machines that browsers run on. */
export type Pixel = number;

/** @param css `#rrggbb` */
export function pixelOf(css: string): Pixel {
  const value = Number.parseInt(css.slice(1, 7), 16);
  return (0xff000000 | ((value & 0xff) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** `share` of `over`, the rest of `under`. */
export function mix(under: Pixel, over: Pixel, share: number): Pixel {
  const part = Math.round(Math.min(1, Math.max(0, share)) * 256);
  const rest = 256 - part;
  const redBlue = (((under & 0xff00ff) * rest + (over & 0xff00ff) * part) >>> 8) & 0xff00ff;
  const green = (((under & 0xff00) * rest + (over & 0xff00) * part) >>> 8) & 0xff00;
  return (0xff000000 | redBlue | green) >>> 0;
}

/**
 * An image that is written column by column. Traces are vertical spans, so a picture of thousands of lines costs one write a pixel
 * and needs no path, no clipping and no graphics card.
 */
export class Raster {
  readonly image: ImageData;
  readonly #pixels: Uint32Array;

  constructor(width: number, height: number) {
    this.image = new ImageData(width, height);
    this.#pixels = new Uint32Array(this.image.data.buffer);
  }

  /** Rows `top .. bottom - 1` of column `x`. */
  fill(x: number, top: number, bottom: number, pixel: Pixel): void {
    const { width } = this.image;
    for (
      let y = Math.max(0, top), at = y * width + x;
      y < Math.min(this.image.height, bottom);
      y++, at += width
    )
      this.#pixels[at] = pixel;
  }

  /** A share of a colour over what is there. */
  tint(x: number, top: number, bottom: number, pixel: Pixel, share: number): void {
    const { width } = this.image;
    for (
      let y = Math.max(0, top), at = y * width + x;
      y < Math.min(this.image.height, bottom);
      y++, at += width
    )
      this.#pixels[at] = mix(this.#pixels[at]!, pixel, share);
  }

  /** A span with soft ends: `top` and `bottom` are in pixels with fractions, cut at rows `least` and `most`. */
  span(x: number, top: number, bottom: number, pixel: Pixel, least: number, most: number): void {
    const from = Math.max(least, top);
    const to = Math.min(most, bottom);
    if (!(from < to)) return;
    const { width } = this.image;
    const first = Math.floor(from);
    const last = Math.ceil(to) - 1;
    let at = first * width + x;
    if (first === last) {
      this.#pixels[at] = mix(this.#pixels[at]!, pixel, to - from);
      return;
    }
    this.#pixels[at] = mix(this.#pixels[at]!, pixel, first + 1 - from);
    for (let y = first + 1; y < last; y++) {
      at += width;
      this.#pixels[at] = pixel;
    }
    at += width;
    this.#pixels[at] = mix(this.#pixels[at]!, pixel, to - last);
  }
}
