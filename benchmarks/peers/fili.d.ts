/** The part of fili that is compared with; the package has no types of its own. */
declare module "fili" {
  interface Section {
    /** a1, a2; a0 = 1. */
    readonly a: readonly [number, number];
    readonly b: readonly [number, number, number];
    readonly k: number;
  }
  interface Design {
    /** Number of second-order sections. */
    readonly order: number;
    readonly characteristic: "butterworth";
    readonly Fs: number;
    readonly Fc: number;
    /** Octaves; band kinds only. */
    readonly BW?: number;
  }
  class CalcCascades {
    lowpass(design: Design): Section[];
    highpass(design: Design): Section[];
    bandstop(design: Design): Section[];
  }
  class IirFilter {
    constructor(sections: readonly Section[]);
    multiStep(input: readonly number[]): number[];
  }
  const fili: { readonly CalcCascades: typeof CalcCascades; readonly IirFilter: typeof IirFilter };
  export = fili;
}
