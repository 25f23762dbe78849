import { Command } from "commander";
import { PAGE_HOST_HELP, pageAccess, TOKEN_HELP } from "../options/page-access.ts";
import { resolveRequest } from "../options/recording-request.ts";
import { nameList, numberIn } from "../options/values.ts";
import { remark } from "../output/write.ts";
import { pageSpeed, replayRequest } from "../replay/replay-request.ts";
import { showRecording } from "../replay/show-recording.ts";

interface ViewOptions {
  readonly adult?: string[];
  readonly infant?: string[];
  readonly adultStream?: string;
  readonly infantStream?: string;
  readonly samplingRate?: number;
  readonly states?: string;
  readonly speed: number;
  readonly port: number;
  readonly host?: string;
  readonly open: boolean;
  readonly json?: boolean;
}

const example = `
Examples:
  attune view recordings/dyad-012.xdf
  attune view table.csv --sampling-rate 250 --adult C3,C4 --infant C3i,C4i --states gaze.tsv

A recording of attune live is shown with its own numbers, to the last bit. Behaviour that is coded and notes that are written go into
tables beside the recording, which itself stays as it is. ${TOKEN_HELP}`;

/** `attune view`: a recording in the browser. */
export function viewCommand(): Command {
  return new Command("view")
    .description("look through a recording in the browser: traces, states, coupling, as known at each moment")
    .argument("<file>", "recording with a time axis: XDF, CSV or TSV")
    .optionsGroup("Who is who:")
    .option("--adult <labels>", "the adult's channels, such as C3,C4", nameList)
    .option("--infant <labels>", "the infant's channels", nameList)
    .option("--adult-stream <name>", "name or id of the adult's stream (see attune info)")
    .option("--infant-stream <name>", "name or id of the infant's stream")
    .option(
      "--sampling-rate <hz>",
      "samples per second; needed for tables (CSV, TSV)",
      numberIn({ above: 0 }),
    )
    .option("--states <file>", "table of coded states (tab-separated: onset duration person layer state)")
    .optionsGroup("The page:")
    .option("--speed <n>", "N times real time, 0.1 to 32", pageSpeed, 1)
    .option(
      "--port <n>",
      "where it is served on this machine; 0 for any free port",
      numberIn({ least: 0, below: 65536, whole: true }),
      0,
    )
    .option("--host <address>", PAGE_HOST_HELP)
    .option("--no-open", "do not open the browser")
    .option("--json", "print the address and what is shown as one JSON document")
    .addHelpText("after", example)
    .action(view);
}

async function view(file: string, options: ViewOptions): Promise<void> {
  const { speed, port, open, json = false } = options;
  const access = await pageAccess(options.host);
  const { request, notes } = await resolveRequest(file, { ...options, profile: "recommended" });
  for (const note of notes) remark(note);
  const replay = { ...replayRequest(request, false), speed };
  await showRecording({ path: request.path, replay, port, access, open, json });
}
