import type { DeviceType } from "@attune/device-kit";
import { simulatedDyadDevice } from "@attune/device-simulated/device";

/** Every kind of device that a session file may name. One line each. */
export const deviceTypes: readonly DeviceType[] = [simulatedDyadDevice as DeviceType];
