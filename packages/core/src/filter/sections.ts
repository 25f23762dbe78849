import { OptionError, ShapeError } from "../errors.ts";

/**
 * Checks `[nSections, 6]` and returns the number of sections. Every kernel here assumes a0 = 1.
 *
 * @throws ShapeError when the length is not a positive multiple of 6; OptionError when some a0 is not 1.
 */
export function countSections(kernel: string, sections: Float64Array): number {
  if (sections.length === 0 || sections.length % 6 !== 0)
    throw new ShapeError(kernel, "sections [nSections, 6]", `length ${sections.length}`);
  for (let s = 3; s < sections.length; s += 6)
    if (sections[s] !== 1)
      throw new OptionError(
        `${kernel} needs sections with a0 = 1, got a0 = ${sections[s]} in section ${(s - 3) / 6}; divide the section by it`,
      );
  return sections.length / 6;
}

/**
 * One cascade after another: band-pass and notch as one list of sections, so that the data are walked once.
 *
 * @returns `[sum of nSections, 6]`
 */
export function concatenateSections(...cascades: readonly Float64Array[]): Float64Array {
  let length = 0;
  for (const sections of cascades) length += countSections("concatenateSections", sections) * 6;
  const all = new Float64Array(length);
  let offset = 0;
  for (const sections of cascades) {
    all.set(sections, offset);
    offset += sections.length;
  }
  return all;
}
