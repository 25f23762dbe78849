import { randomInt } from "node:crypto";

/** Letters and digits that nobody takes for one another: a token may have to be typed on a tablet. */
const ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
const GROUPS = 4;
const GROUP = 4;

/** 16 characters of 31, 79 bits, in groups: `k3mp-x7ra-92hd-w4zn`. */
export const drawToken = (): string =>
  Array.from({ length: GROUPS }, () =>
    Array.from({ length: GROUP }, () => ALPHABET[randomInt(ALPHABET.length)]).join(""),
  ).join("-");

/** What a token may be, in words. */
export const TOKEN_RULE = "16 to 200 letters, digits, - . _ or ~";

/** Whether somebody's own token is long enough, and goes into an address and a cookie as it is. */
export const isToken = (text: string): boolean => /^[\w.~-]{16,200}$/.test(text);
