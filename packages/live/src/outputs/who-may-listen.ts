import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";

/** Where a server listens and what it asks for. */
interface Door {
  readonly host: string;
  readonly token?: string | undefined;
}

export const isLoopback = (host: string): boolean => /^(127\.\d+\.\d+\.\d+|::1|localhost)$/.test(host);

/** Other machines can reach it and nothing keeps them out. */
export const needsToken = ({ host, token }: Door): boolean => !isLoopback(host) && token === undefined;

export const tokenNeeded = (host: string): string =>
  `outputs.websocket on ${host} can be reached from other machines: give it a token of 16 characters or more, or use 127.0.0.1.`;

/**
 * Whether a request may listen: with the token, where there is one, and from no page of a foreign origin, which a browser would
 * else let listen. Whatever a request holds, it is answered with yes or no.
 */
export function mayListen(
  origin: string | undefined,
  request: IncomingMessage,
  token: string | undefined,
): boolean {
  try {
    if (token !== undefined && !isSameSecret(tokenOf(request), token)) return false;
    if (origin === undefined || origin === "") return true;
    return isLoopback(hostnameOf(origin)) && isLoopback(hostnameOf(`http://${request.headers.host ?? ""}`));
  } catch {
    return false;
  }
}

function tokenOf({ url = "" }: IncomingMessage): string {
  const query = url.indexOf("?");
  return new URLSearchParams(query < 0 ? "" : url.slice(query)).get("token") ?? "";
}

const hostnameOf = (url: string): string => new URL(url).hostname.replace(/^\[|\]$/g, "");

/** Compares in a time that tells nothing about where two secrets differ. */
export function isSameSecret(given: string, wanted: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(wanted);
  return a.length === b.length && timingSafeEqual(a, b);
}
