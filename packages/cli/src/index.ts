/** The `attune` command as a function: arguments in, exit code out. */
export { runProgram } from "./program.ts";
