import type { PersonMontage } from "@attune/pipeline";
import { StudyError } from "./errors.ts";
import type { NullId, StudySettings } from "./settings.ts";

/** Nulls of something else: of a difference between conditions, of the direction of flow. */
const NOT_OF_COUPLING: readonly NullId[] = ["jointShuffle", "timeReverse"];

/** What no data could make right is refused before the first sample is read. */
export function validateSettings(settings: StudySettings, people: readonly PersonMontage[]): void {
  const nChannels = people.reduce((sum, { channels }) => sum + channels.length, 0);
  const nSamples = Math.round(settings.window.seconds * settings.analysisRate);
  const { order, pooling } = settings.model;
  const factor = settings.gridRate / settings.analysisRate;
  if (Math.abs(factor - Math.round(factor)) > 1e-9) {
    throw new StudyError(
      `The analysis rate (${settings.analysisRate} Hz) must divide the grid rate (${settings.gridRate} Hz).`,
    );
  }
  const tooHigh = [settings.filter.highPassHz, settings.filter.lowPassHz, settings.filter.notchHz].find(
    (frequency) => frequency >= settings.gridRate / 2,
  );
  if (tooHigh !== undefined) {
    throw new StudyError(
      `A filter at ${tooHigh} Hz needs more than the grid rate of ${settings.gridRate} Hz: stay below ${settings.gridRate / 2} Hz.`,
    );
  }
  if (
    Math.round(factor) > 1 &&
    !(settings.filter.lowPassHz > 0 && settings.filter.lowPassHz < settings.analysisRate / 2)
  ) {
    throw new StudyError(
      `Keeping every ${Math.round(factor)}th sample needs a low-pass below ${settings.analysisRate / 2} Hz: set --low-pass.`,
    );
  }
  if (nSamples < 2 * order + 2) {
    throw new StudyError(
      `A window of ${settings.window.seconds} s has ${nSamples} samples, too few for order ${order}: take a window of at least ${((2 * order + 2) / settings.analysisRate).toFixed(2)} s or a lower order.`,
    );
  }
  if (pooling === "perWindowMean" && nSamples - order < nChannels * order) {
    throw new StudyError(
      `One window gives ${nSamples - order} observations for ${nChannels * order} coefficients a channel: lower the order, lengthen the window, or take fewer channels.`,
    );
  }
  for (const { name, low, high } of settings.bands) {
    if (!(low < high && high < settings.analysisRate / 2)) {
      throw new StudyError(
        `Band ${name} (${low}-${high} Hz) must rise and stay below ${settings.analysisRate / 2} Hz.`,
      );
    }
  }
  const unknown = settings.primaryBands.find((name) => !settings.bands.some((band) => band.name === name));
  if (unknown !== undefined) {
    throw new StudyError(
      `The primary family names band ${unknown}, which is not among ${settings.bands.map(({ name }) => name).join(", ")}.`,
    );
  }
  if (!settings.nulls.includes(settings.primaryNull)) {
    throw new StudyError(`The primary null ${settings.primaryNull} is not among the nulls to draw.`);
  }
  if (NOT_OF_COUPLING.includes(settings.primaryNull)) {
    throw new StudyError(
      `The primary null cannot be ${settings.primaryNull}, which does not test coupling itself: take residualShuffle or blockShuffle.`,
    );
  }
}
