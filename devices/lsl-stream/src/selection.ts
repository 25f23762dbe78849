import { DeviceError } from "@attune/device-kit";
import type { StreamInfo } from "@attune/lsl";
import type { LslStreamSettings } from "./settings.ts";

type Selection = Pick<LslStreamSettings, "name" | "type" | "sourceId" | "hostname" | "predicate">;

/** Settings as one XPath 1.0 predicate on `<info>`, as resolvers of Lab Streaming Layer take it. */
export function predicateOf({ name, type, sourceId, hostname, predicate }: Selection): string {
  const fields = { name, type, source_id: sourceId, hostname };
  const parts = Object.entries(fields).flatMap(([element, value]) =>
    value === undefined ? [] : [`${element}=${xpathText(value)}`],
  );
  return [...parts, ...(predicate === undefined ? [] : [`(${predicate})`])].join(" and ");
}

/** The same source after a restart: what the settings ask for, and the name, type and source id that it had. */
export function identityOf(settings: Selection, info: StreamInfo): string {
  return predicateOf({
    ...settings,
    name: info.name,
    ...(info.type === "" ? {} : { type: info.type }),
    ...(info.sourceId === "" ? {} : { sourceId: info.sourceId }),
  });
}

/** A string as XPath 1.0 writes it, which has no escapes: with the quote that it does not hold, or put together. */
export function xpathText(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  const pieces = text.split("'").map((piece) => `'${piece}'`);
  return `concat(${pieces.join(`, "'", `)})`;
}

/** For messages: `"BioSemi" (EEG, 64 channels at 512 Hz, source id "bs-1") on lab-pc`. */
export function describeInfo(info: StreamInfo): string {
  const rate = info.nominalSamplingRate > 0 ? `at ${info.nominalSamplingRate} Hz` : "at no fixed rate";
  const channels = info.channelCount === 1 ? "1 channel" : `${info.channelCount} channels`;
  const source = info.sourceId === "" ? "no source id" : `source id "${info.sourceId}"`;
  return `"${info.name}" (${info.type || "no type"}, ${channels} ${rate}, ${source}) on ${info.hostname || "an unnamed host"}`;
}

function listInfos(infos: readonly StreamInfo[]): string {
  const shown = infos.slice(0, 8).map(describeInfo);
  return infos.length > shown.length
    ? `${shown.join("; ")}; and ${infos.length - shown.length} more`
    : shown.join("; ");
}

/**
 * The one stream that the settings mean.
 *
 * @param found what answers to `predicateOf(settings)`
 * @throws DeviceError when several do, naming them; trying again would not help
 */
export function chooseOne(found: readonly StreamInfo[], settings: Selection): StreamInfo {
  if (found.length === 1) return found[0]!;
  throw new DeviceError(
    `${found.length} LSL streams match ${predicateOf(settings)}: ${listInfos(found)}. Add ${distinction(found)} to the settings.`,
    { retryable: false },
  );
}

/** Which settings would tell the streams apart. */
function distinction(found: readonly StreamInfo[]): string {
  const differ = (field: (info: StreamInfo) => string) =>
    new Set(found.map(field)).size === found.length && found.every((info) => field(info) !== "");
  const ways = [
    ...(differ((info) => info.sourceId) ? ["sourceId"] : []),
    ...(differ((info) => info.hostname) ? ["hostname"] : []),
    ...(differ((info) => info.name) ? ["name"] : []),
  ];
  if (ways.length > 0) return ways.join(" or ");
  return "sourceId or hostname (here they are the same: end one of the senders, or give it a source id of its own)";
}

/** @param seen every stream that answered, whatever it is */
export function notFound(settings: Selection, seconds: number, seen: readonly StreamInfo[]): DeviceError {
  const others =
    seen.length === 0
      ? "No LSL stream at all was seen: check that the sender runs, is in the same network, and that no firewall blocks UDP 16571"
      : `Seen were: ${listInfos(seen)}`;
  return new DeviceError(`No LSL stream matches ${predicateOf(settings)} within ${seconds} s. ${others}.`);
}
