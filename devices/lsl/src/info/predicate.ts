import { DOMParser } from "@xmldom/xmldom";
import xpath from "xpath";
import { LslStreamError } from "../errors.ts";

/** The library's compiled expressions, which its type declarations leave out. */
const { parse } = xpath as unknown as {
  parse(expression: string): { evaluateBoolean(options: { node: unknown }): boolean };
};

/** Text as an XPath 1.0 literal, which knows no escapes. */
export function xpathLiteral(text: string): string {
  if (!text.includes("'")) return `'${text}'`;
  if (!text.includes('"')) return `"${text}"`;
  return `concat(${text
    .split("'")
    .map((part) => `'${part}'`)
    .join(`,"'",`)})`;
}

/** Throws {@link LslStreamError} when a predicate is not XPath 1.0: an outlet would silently count it as no match. */
export function checkPredicate(predicate: string, maximumBytes: number): void {
  if (predicate.trim() === "") return;
  if (/[\r\n]/.test(predicate) || Buffer.byteLength(predicate) > maximumBytes)
    throw new LslStreamError(`A predicate must be one line of at most ${maximumBytes} bytes.`);
  try {
    parse(predicate);
  } catch {
    throw new LslStreamError(
      `The predicate ${predicate} is not XPath 1.0; write for example name='BioSemi' and type='EEG'.`,
    );
  }
}

/** The query that goes out: the session's streams, and of these the ones that fit. */
export function sessionQuery(sessionId: string, predicate: string): string {
  const session = `session_id=${xpathLiteral(sessionId)}`;
  return predicate.trim() === "" ? session : `${session} and (${predicate})`;
}

/**
 * Answers whether one stream's document fits a query: XPath 1.0, the `<info>` element as context, made a boolean. An empty
 * query fits; one that cannot be read or evaluated, or would take far too long, does not. Results are kept per query text.
 */
export class PredicateMatcher {
  readonly #root: unknown;
  readonly #nodeCount: number;
  readonly #maximumCached: number;
  readonly #maximumBytes: number;
  readonly #cache = new Map<string, boolean>();

  constructor(fullXml: string, maximumCached: number, maximumBytes: number) {
    this.#root = new DOMParser().parseFromString(fullXml, "text/xml").documentElement;
    this.#nodeCount = fullXml.split("<").length;
    this.#maximumCached = maximumCached;
    this.#maximumBytes = maximumBytes;
  }

  matches(query: string): boolean {
    const text = query.trim();
    if (text === "") return true;
    if (text.length > this.#maximumBytes) return false;
    const known = this.#cache.get(text);
    if (known !== undefined) return known;
    const result = this.#evaluate(text);
    if (this.#cache.size >= this.#maximumCached)
      for (const oldest of this.#cache.keys()) {
        this.#cache.delete(oldest);
        break;
      }
    if (this.#maximumCached > 0) this.#cache.set(text, result);
    return result;
  }

  #evaluate(text: string): boolean {
    if (this.#nodeCount ** wideSteps(text) > 1e7) return false;
    try {
      return parse(withNumericRate(text)).evaluateBoolean({ node: this.#root });
    } catch {
      return false;
    }
  }
}

/**
 * The recovery query of old inlets (seen of liblsl 1.10) compares the rate as text in their own spelling, `'250'`, which the
 * 16 digits of today's documents never equal. In that one form of query the rate is compared as a number.
 */
function withNumericRate(query: string): string {
  if (!/^channel_count='\d+' and .* and channel_format='\w+'$/.test(query)) return query;
  return query.replace(/ and nominal_srate='([\d.]+)' and /, " and nominal_srate=$1 and ");
}

/**
 * How often steps over the whole document are nested in each other: the exponent of the number of elements in the time
 * that an evaluation takes. One that comes off the network must not hold up the sending of samples.
 */
function wideSteps(query: string): number {
  const tokens = query.matchAll(
    /\/\/|\.\.|(?:descendant|ancestor|parent)[\w-]*::|(?:following|preceding)[\w-]*::|[[\]]|'[^']*'|"[^"]*"/g,
  );
  const exponents = [0];
  let most = 0;
  for (const [token] of tokens) {
    if (token === "[") exponents.push(0);
    else if (token === "]") {
      if (exponents.length > 1) exponents.pop();
    } else if (!/^['"]/.test(token)) {
      const own = /^(following|preceding)/.test(token) ? 2 : 1;
      exponents.push(Math.max(exponents.pop() ?? 0, own));
    }
    const sum = exponents.reduce((total, exponent) => total + exponent, 0);
    most = Math.max(most, sum);
  }
  return most;
}
