import { CORTEX_WARNING } from "./cortex-message.ts";
import { ACCESS_REFUSED } from "./open-session.ts";

/** Why a running session ended, in the words of its warning. */
export const SESSION_ENDINGS: Readonly<
  Record<number, { readonly sentence: string; readonly final: boolean }>
> = {
  [CORTEX_WARNING.streamsCancelled]: {
    sentence: "Cortex cancelled the streams (warning 0); the session is opened again.",
    final: false,
  },
  [CORTEX_WARNING.sessionClosed]: {
    sentence: "Cortex closed the session (warning 1); it is opened again.",
    final: false,
  },
  [CORTEX_WARNING.headsetDisconnected]: {
    sentence: "The headset disconnected (warning 103); switch it on or charge it, it is connected again.",
    final: false,
  },
  [CORTEX_WARNING.accessRefused]: { sentence: ACCESS_REFUSED, final: true },
};
