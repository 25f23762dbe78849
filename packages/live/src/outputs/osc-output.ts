import { createSocket } from "node:dgram";
import type { Coupling, HeartOutput } from "@attune/signal";
import { type OscArgInput, toBuffer } from "osc-min";
import type { CouplingOutput } from "./output.ts";

/** Path elements of OSC must not hold these. */
const asElement = (text: string): string => text.replace(/[^A-Za-z0-9_.-]/g, "-");

const text = (value: string): OscArgInput => ({ type: "string", value });
const whole = (value: number): OscArgInput => ({ type: "integer", value });
const real = (value: number): OscArgInput => ({ type: "double", value });

/**
 * Pooled coupling and hearts as OSC messages over UDP, one a number, as feedback patches read them:
 *
 *     /attune/coupling/<from>/<to>/<band>  condition(s) value(d) corrected(d) z(d)
 *     /attune/windows/<condition>          windows(i) clean model status(s)
 *     /attune/heart/<person>               beats a minute(d) signal quality 0..1(d), once a second
 *     /attune/covariation/<from>/<to>/<series>  z(d) lag in seconds(d) percentile of the past 0..1(d), once a window
 *
 * `corrected` and `z` are NaN until there is a null, and what is not known of hearts is NaN. A positive lag: `from` leads. Open Sound Control 1.0, types s, i, d.
 */
export function openOscOutput({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): CouplingOutput {
  const socket = createSocket(host.includes(":") ? "udp6" : "udp4");
  // Nobody listening is not an error of the session.
  socket.on("error", () => {});
  const send = (address: string, args: OscArgInput[]): void => {
    const bytes = toBuffer({ address, args });
    socket.send(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), port, host, () => {});
  };
  return {
    name: `OSC to ${host}:${port}`,
    send: (coupling: Coupling) => {
      if (coupling.scope !== "pooled") return;
      const { condition, nWindows, health } = coupling;
      send(`/attune/windows/${asElement(condition)}`, [whole(nWindows), text(health.status)]);
      if (health.status !== "ok") return;
      for (const { from, to, band, value, corrected, z } of coupling.values)
        send(`/attune/coupling/${asElement(from)}/${asElement(to)}/${asElement(band)}`, [
          text(condition),
          real(value),
          real(corrected),
          real(z),
        ]);
    },
    sendHeart: (output: HeartOutput) => {
      if (output.kind === "heart-status")
        send(`/attune/heart/${asElement(output.person)}`, [real(output.rate), real(output.signalQuality)]);
      if (output.kind === "covariation")
        send(`/attune/covariation/${asElement(output.from)}/${asElement(output.to)}/${output.series}`, [
          real(output.z),
          real(output.lagSeconds),
          real(output.nullPercentile),
        ]);
    },
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}
