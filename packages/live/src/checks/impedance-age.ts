import type { LiveSession } from "../session/live-session.ts";
import { type Check, green, red } from "./check.ts";
import { lastMeasured } from "./impedance-file.ts";

/** Whether every device that can measure impedances was measured lately: in this session, or by an earlier `attune check`. */
export async function checkImpedanceAge(session: LiveSession, wallClock: () => Date): Promise<Check[]> {
  const { file, recordingFolder } = session.loaded;
  const maxAgeMinutes = file.impedanceMaxAgeMinutes;
  if (maxAgeMinutes === undefined) return [];
  const able = session.devices.filter(({ device }) => device.impedance !== undefined);
  return Promise.all(
    able.map(async ({ id }) => {
      const inSession = session.lastImpedance(id);
      const kept = await lastMeasured(recordingFolder, file.session, id);
      const ages = [
        ...(inSession === undefined ? [] : [(session.now() - inSession.at) / 60]),
        ...(kept === undefined ? [] : [(wallClock().getTime() - kept) / 60_000]),
      ];
      if (ages.length === 0)
        return red("impedance", id, 'never measured: run "attune check --impedance" before the session');
      const minutes = Math.min(...ages);
      if (minutes < -1)
        return red(
          "impedance",
          id,
          "was measured in the future: set this computer's clock, then measure again",
        );
      const text = `measured ${Math.max(0, minutes).toFixed(0)} minutes ago`;
      return minutes <= maxAgeMinutes
        ? green("impedance", id, text)
        : red("impedance", id, `${text}, ${maxAgeMinutes} allowed: run "attune check --impedance" again`);
    }),
  );
}
