/** The time that both people share: whole seconds of session time, cut into epochs. */
export interface SharedTime {
  readonly start: number;
  readonly end: number;
  readonly epochSeconds: number;
  readonly nEpochs: number;
}
