/** Amplitude of the ADS1299's measuring current as the firmware sets it, ampere. */
export const LEAD_OFF_AMPERES = 6e-9;
/** Its frequency as the firmware sets it, Hz: 250 / 8 rounded as in its name `LOFF_FREQ_31p2HZ`. */
export const LEAD_OFF_HZ = 31.2;
/** Resistor in series with each input on the board, ohm (OpenBCI GUI). */
export const SERIES_OHMS = 2200;
const BAND_LOW_HZ = 29;
const BAND_HIGH_HZ = 33;

/**
 * Impedance of an electrode from the voltage that the measuring current makes on it.
 *
 *     Z = sqrt(2) U / 6 nA - 2200 ohm,   U = RMS of the band 31 +- 2 Hz
 *
 * 10 kohm make 51.76 uV RMS. Never below 0. Formula and constants: OpenBCI GUI.
 */
export function kilohmsOfMicrovolts(rmsMicrovolts: number): number {
  const ohms = (Math.SQRT2 * rmsMicrovolts * 1e-6) / LEAD_OFF_AMPERES - SERIES_OHMS;
  return Math.max(0, ohms) / 1000;
}

/**
 * RMS of the band 31 +- 2 Hz: the discrete Fourier bins from 29 to 33 Hz of the signal without its mean, under a Hann
 * window, so that the slow drift of an electrode does not leak into the band.
 *
 *     U^2 = 2 sum_band |X_k|^2 / (N sum_n w_n^2)
 *
 * NaN when a sample is missing.
 *
 * @param signal       `[nSamples]`, about one second
 * @param averagedTwo  each sample is the mean of two at twice the rate (Daisy): the loss cos(pi f / (2 fs)) is made good
 */
export function bandRms(
  signal: Float64Array,
  nSamples: number,
  samplingRate: number,
  averagedTwo: boolean,
): number {
  let mean = 0;
  for (let n = 0; n < nSamples; n++) mean += signal[n]! / nSamples;
  let power = 0;
  let windowPower = 0;
  for (let n = 0; n < nSamples; n++) windowPower += hann(n, nSamples) ** 2;
  const first = Math.ceil((BAND_LOW_HZ * nSamples) / samplingRate - 1e-9);
  const last = Math.floor((BAND_HIGH_HZ * nSamples) / samplingRate + 1e-9);
  for (let k = first; k <= last; k++) {
    let real = 0;
    let imaginary = 0;
    for (let n = 0; n < nSamples; n++) {
      const x = (signal[n]! - mean) * hann(n, nSamples);
      const angle = (2 * Math.PI * k * n) / nSamples;
      real += x * Math.cos(angle);
      imaginary -= x * Math.sin(angle);
    }
    const loss = averagedTwo ? Math.cos((Math.PI * k) / (2 * nSamples)) : 1;
    power += (real ** 2 + imaginary ** 2) / loss ** 2;
  }
  return Math.sqrt((2 * power) / (nSamples * windowPower));
}

function hann(n: number, nSamples: number): number {
  return 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / nSamples);
}
