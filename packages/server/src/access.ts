import { randomBytes } from "node:crypto";
import { isIP } from "node:net";
import { hostname } from "node:os";
import { isLoopback, isSameSecret } from "@attune/live";
import { ServerError } from "./errors.ts";
import { isToken, TOKEN_RULE } from "./tokens.ts";

/** What somebody may do who comes in: everything, look only, or nothing. */
export type Rights = "all" | "observe" | "none";

export interface AccessOptions {
  readonly host: string;
  readonly token?: string | undefined;
  readonly observerToken?: string | undefined;
  /** Names under which this machine is called, beside its own. */
  readonly hostNames?: readonly string[];
}

/** Below it everybody only looks, whatever they could do elsewhere. */
export const OBSERVER_PATH = "/observer/";

/** Parts of a request that say who asks and how. */
export interface Request {
  readonly url?: string | undefined;
  readonly headers: {
    readonly host?: string | undefined;
    readonly origin?: string | undefined;
    readonly cookie?: string | undefined;
  };
}

/**
 * Who may come in. A browser runs pages of anybody: so a request must name this machine as its host (a foreign name that points
 * here is DNS rebinding), and one that a page makes must come from a page of this server. Machines other than this one
 * need the token as well. What is asked for below `/observer/` is asked for by somebody who looks.
 */
export class Access {
  readonly #options: AccessOptions;
  readonly #names: ReadonlySet<string>;
  readonly #tickets = new Set<string>();
  /** Cookies know no ports: two sessions on one machine must not take each other's. Set when the port is known. */
  cookieName = "attune";

  /** @throws ServerError (misuse) for a host that others can reach without a token, or a token that can be guessed */
  constructor(options: AccessOptions) {
    const { host, token, observerToken, hostNames = [] } = options;
    if (!isLoopback(host) && token === undefined)
      throw new ServerError(
        `A page on ${host} can be reached from other machines: give it a token (${TOKEN_RULE}), or use 127.0.0.1.`,
        { misuse: true },
      );
    for (const each of [token, observerToken])
      if (each !== undefined && !isToken(each))
        throw new ServerError(`A token of the page needs ${TOKEN_RULE}: give it another.`, { misuse: true });
    if (token === undefined && observerToken !== undefined)
      throw new ServerError("A token for looking keeps nobody from writing: give the page a token as well.", {
        misuse: true,
      });
    if (token !== undefined && token === observerToken)
      throw new ServerError("The token of the second screen must not be that of the page: give it another.", {
        misuse: true,
      });
    this.#options = options;
    const own = hostname().toLowerCase();
    this.#names = new Set([host.toLowerCase(), own, `${own}.local`, ...hostNames].map(bare));
  }

  /** Whether the request was meant for this machine and comes from no foreign page. */
  isForeign({ headers: { host, origin } }: Request): boolean {
    if (host === undefined || !this.#isOwn(host)) return true;
    if (origin === undefined) return false;
    try {
      // Exactly this server, port included: what else runs on this machine has pages of its own.
      return new URL(origin).origin !== new URL(`http://${host}`).origin;
    } catch {
      return true;
    }
  }

  rightsOf(request: Request): Rights {
    const rights = this.#rightsWith(request);
    return rights === "all" && isForObservers(request) ? "observe" : rights;
  }

  /**
   * The cookie that stands for the token of this request from now on, and the path where its page is; undefined where the request
   * brought none that is right. An observer's cookie is sent below the observers' path only: beside it, in the same browser, the
   * operator's page keeps its own.
   */
  admission(request: Request): { readonly cookie: string; readonly path: string } | undefined {
    const { token } = this.#options;
    const given = this.#tickets.delete(queryOf(request).get("once") ?? "") ? token : tokenOf(request);
    const rights = this.#rightsBy(given);
    if (token === undefined || rights === "none") return undefined;
    const looks = rights === "observe";
    const [name, scope] = looks ? [this.#observerCookie, "/observer"] : [this.cookieName, "/"];
    return {
      cookie: `${name}=${given}; HttpOnly; SameSite=Strict; Path=${scope}`,
      path: looks || isForObservers(request) ? OBSERVER_PATH : "/",
    };
  }

  /** Comes in once in place of the token, where others may see the address: undefined where there is no token. */
  ticket(): string | undefined {
    if (this.#options.token === undefined) return undefined;
    const ticket = randomBytes(18).toString("base64url");
    this.#tickets.add(ticket);
    return ticket;
  }

  #rightsWith(request: Request): Rights {
    if (this.#options.token === undefined) return "all";
    const given = tokenOf(request);
    if (given !== undefined) return this.#rightsBy(given);
    const rights = this.#rightsBy(cookieOf(request, this.cookieName));
    return rights === "none" ? this.#rightsBy(cookieOf(request, this.#observerCookie)) : rights;
  }

  #rightsBy(given: string | undefined): Rights {
    const { token, observerToken } = this.#options;
    if (given !== undefined && token !== undefined && isSameSecret(given, token)) return "all";
    if (given !== undefined && observerToken !== undefined && isSameSecret(given, observerToken))
      return "observe";
    return "none";
  }

  get #observerCookie(): string {
    return `${this.cookieName}-observer`;
  }

  #isOwn(host: string): boolean {
    let name: string;
    try {
      name = bare(new URL(`http://${host}`).hostname);
    } catch {
      return false;
    }
    if (isLoopback(name) || this.#names.has(name)) return true;
    // A number is nobody's to point elsewhere; only a server that listens beyond loopback is called by one.
    return !isLoopback(this.#options.host) && isIP(name) !== 0;
  }
}

export function queryOf({ url = "" }: Request): URLSearchParams {
  const query = url.indexOf("?");
  return new URLSearchParams(query < 0 ? "" : url.slice(query));
}

const tokenOf = (request: Request): string | undefined => queryOf(request).get("token") ?? undefined;

const isForObservers = ({ url = "" }: Request): boolean => /^\/observer(?:[/?#]|$)/.test(url);

function cookieOf({ headers: { cookie = "" } }: Request, name: string): string | undefined {
  const own = cookie
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(`${name}=`));
  return own?.slice(name.length + 1);
}

const bare = (name: string): string => name.toLowerCase().replace(/^\[|\]$/g, "");
