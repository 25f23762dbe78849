import { quitOnClosedPipe } from "./output/closed-pipe.ts";
import { runProgram } from "./program.ts";

quitOnClosedPipe();
process.exitCode = await runProgram(process.argv.slice(2));
