/** One line of a pre-flight. `red`: the session should not begin; `amber`: it can, and somebody should know. */
export interface Check {
  /** Which check, for programs: `samples`, `rate`, `clock` ... */
  readonly check: string;
  /** Device, stream, person or folder that it is about. */
  readonly about: string;
  readonly verdict: "green" | "amber" | "red";
  /** What was found, and for anything but green what to do. */
  readonly message: string;
}

export const green = (check: string, about: string, message: string): Check => ({
  check,
  about,
  verdict: "green",
  message,
});
export const amber = (check: string, about: string, message: string): Check => ({
  check,
  about,
  verdict: "amber",
  message,
});
export const red = (check: string, about: string, message: string): Check => ({
  check,
  about,
  verdict: "red",
  message,
});
