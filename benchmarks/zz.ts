import { fork } from "node:child_process";
for (const n of ["2","4"]) await new Promise<void>((done) => { const c = fork("./pipeline/replay-alone.ts", ["replay","/tmp/fproto/ten.xdf",n], {execArgv:[...process.execArgv,"--cpu-prof",`--cpu-prof-dir=/tmp/fproto/prof${n}`]}); c.on("message",(m)=>console.log(n,JSON.stringify(m))); c.on("exit",()=>done()); });
