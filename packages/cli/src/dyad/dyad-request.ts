import {
  type DyadRequest,
  type DyadSettings,
  defaultDyadSettings,
  type MemberRequest,
  profiles,
} from "@attune/study";
import { MisuseError } from "../errors/misuse.ts";
import { existingFile } from "../options/paths.ts";

/** What `attune dyad` understands, as typed. */
export interface DyadOptions {
  readonly adultEcg?: string;
  readonly infantEcg?: string;
  readonly adultBelt?: string;
  readonly infantBelt?: string;
  readonly adultMovement?: string;
  readonly infantMovement?: string;
  readonly adultBeats?: string;
  readonly infantBeats?: string;
  readonly adultPep?: string;
  readonly infantPep?: string;
  readonly samplingRate?: number;
  readonly adult: string;
  readonly infant: string;
  readonly infantAge: "infant" | "child";
  readonly states?: string;
  readonly split?: string;
  readonly baseline?: string;
  readonly pseudoDyads?: string[];
  readonly pool?: string[];
  readonly epoch?: number;
  readonly correction?: DyadSettings["correction"];
  readonly correctGain?: boolean;
  readonly from?: number;
  readonly to?: number;
  readonly mains?: number;
  readonly surrogates?: number;
  readonly seed?: number;
  readonly profile?: string;
  readonly out?: string;
  readonly overwrite?: boolean;
  readonly json?: boolean;
}

/** What the person typed as a request; every file in it is there. */
export async function dyadRequest(file: string | undefined, options: DyadOptions): Promise<DyadRequest> {
  const { samplingRate, states, pseudoDyads, profile, epoch, correction, correctGain, from, to, mains } =
    options;
  const adult = await member("adult", options.adult, options);
  const infant = await member("infant", options.infant, options);
  if (options.adult === options.infant)
    throw new MisuseError(`Two people need two names: --adult and --infant are both "${options.adult}".`);
  const needsFile = adult.beatsPath === undefined || infant.beatsPath === undefined;
  if (file === undefined && needsFile)
    throw new MisuseError(
      "There is no recording to analyse: name a FILE with two ECGs, or give --adult-beats and --infant-beats.",
    );
  if (profile !== undefined && !profiles.some(({ name }) => name === profile))
    throw new MisuseError(
      `There is no profile "${profile}": choose ${profiles.map(({ name }) => name).join(", ")}.`,
    );
  if (from !== undefined && to !== undefined && to <= from)
    throw new MisuseError(`--to (${to} s) must lie after --from (${from} s).`);
  const settings: Partial<DyadSettings> = {
    ...(options.seed === undefined ? {} : { seed: options.seed }),
    ...(epoch === undefined ? {} : { epochSeconds: epoch }),
    ...(correction === undefined ? {} : { correction }),
    ...(correctGain === undefined ? {} : { correctGain }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(mains === undefined ? {} : { mainsHz: mains }),
    ...(options.surrogates === undefined
      ? {}
      : {
          nSurrogates: options.surrogates,
          exploratorySurrogates: Math.min(options.surrogates, defaultDyadSettings.exploratorySurrogates),
        }),
    ...(options.split === undefined ? {} : { split: options.split }),
    ...(options.baseline === undefined ? {} : { baseline: options.baseline }),
  };
  return {
    ...(file === undefined ? {} : { path: await existingFile(file) }),
    ...(samplingRate === undefined ? {} : { open: { samplingRate } }),
    members: [adult, infant],
    ...(states === undefined ? {} : { statesPath: await existingFile(states) }),
    ...(pseudoDyads === undefined ? {} : { pseudoDyads: await Promise.all(pseudoDyads.map(existingFile)) }),
    ...(profile === undefined ? {} : { brainProfile: profile }),
    settings,
  };
}

async function member(who: "adult" | "infant", id: string, options: DyadOptions): Promise<MemberRequest> {
  const { ecg, belt, movement, beats, pep } = {
    ecg: options[`${who}Ecg`],
    belt: options[`${who}Belt`],
    movement: options[`${who}Movement`],
    beats: options[`${who}Beats`],
    pep: options[`${who}Pep`],
  };
  if (ecg === undefined && beats === undefined)
    throw new MisuseError(
      `The ${who} needs a heart: give --${who}-ecg CHANNEL (attune info FILE lists channels) or --${who}-beats FILE.`,
    );
  if (ecg !== undefined && beats !== undefined)
    throw new MisuseError(
      `The ${who}'s heart comes from one place: --${who}-ecg or --${who}-beats, not both.`,
    );
  return {
    id,
    role: who === "adult" ? "adult" : options.infantAge,
    ...(ecg === undefined ? {} : { ecg }),
    ...(belt === undefined ? {} : { belt }),
    ...(movement === undefined ? {} : { movement }),
    ...(beats === undefined ? {} : { beatsPath: await existingFile(beats) }),
    ...(pep === undefined ? {} : { pepPath: await existingFile(pep) }),
  };
}
