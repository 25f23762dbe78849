import { type LslConfiguration, loadConfiguration } from "@attune/lsl";

/** The laboratory's own settings of Lab Streaming Layer, seen and reached from this machine only. */
export const onLoopback = (): LslConfiguration => ({ ...loadConfiguration(), loopbackOnly: true });
