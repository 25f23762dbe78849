/** The analysis ran, and not one condition had enough clean data. */
export class NothingReportedError extends Error {
  override readonly name = "NothingReportedError";
  readonly code = "ATTUNE_NOTHING_REPORTED";
}
