import { ShapeError } from "../errors.ts";
import { bandIndices, type FrequencyBand } from "./band.ts";
import { type CouplingSpectrum, matrixSize } from "./spectrum.ts";

/**
 * The arithmetic mean of a coupling spectrum over the listed frequencies of a band.
 *
 *     squared: false   mean_f |c_ij(f)|        squared: true   mean_f |c_ij(f)|^2
 *
 * Returns `[sink, source]`: row = who is influenced. The laboratories square before averaging and take the root only
 * for statistics (`squared: true`); do not square a Granger spectrum, which is in nats.
 *
 * @throws OptionError when the band holds no frequency; ShapeError when the spectrum is not [freq, sink, source].
 */
export function bandMean(
  spectrum: Pick<CouplingSpectrum, "frequencies" | "values">,
  options: FrequencyBand & { readonly squared: boolean },
): Float64Array {
  const { frequencies, values } = spectrum;
  if (frequencies.length === 0 || values.length % frequencies.length !== 0)
    throw new ShapeError(
      "bandMean",
      `values for each of ${frequencies.length} frequencies`,
      `${values.length} values`,
    );
  const nPairs = values.length / frequencies.length;
  matrixSize("bandMean", nPairs);
  const inside = bandIndices("bandMean", frequencies, options);
  const mean = new Float64Array(nPairs);
  for (const f of inside) {
    for (let q = 0; q < nPairs; q++) {
      const value = values[f * nPairs + q];
      mean[q] += options.squared ? value * value : value;
    }
  }
  for (let q = 0; q < nPairs; q++) mean[q] /= inside.length;
  return mean;
}
