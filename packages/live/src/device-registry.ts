import { ad8232Plain } from "@attune/device-ad8232-plain";
import { attuneLine } from "@attune/device-attune-line";
import { attuneWs } from "@attune/device-attune-ws";
import { bitalino } from "@attune/device-bitalino";
import { emotivCortex } from "@attune/device-emotiv-cortex";
import type { DeviceType } from "@attune/device-kit";
import { lslStream } from "@attune/device-lsl-stream";
import { modeegP2 } from "@attune/device-modeeg-p2";
import { openbciCyton } from "@attune/device-openbci-cyton";
import { shimmer3 } from "@attune/device-shimmer3";
import { simulatedDyadDevice } from "@attune/device-simulated/device";

// The settings of a device are checked by its own schema before it is created: to the session they are unknown.
const type = <Settings>(deviceType: DeviceType<Settings>): DeviceType => deviceType as unknown as DeviceType;

/** Every kind of device that a session file may name. One line each. */
export const deviceTypes: readonly DeviceType[] = [
  type(lslStream),
  type(openbciCyton),
  type(bitalino),
  type(shimmer3),
  type(modeegP2),
  type(attuneLine),
  type(ad8232Plain),
  type(emotivCortex),
  type(attuneWs),
  type(simulatedDyadDevice),
];
