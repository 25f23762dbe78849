import { hostname } from "node:os";
import { isLoopback, isSameSecret } from "@attune/live";
import { ServerError } from "./errors.ts";

/** What somebody may do who comes in: everything, look only, or nothing. */
export type Rights = "all" | "observe" | "none";

export interface AccessOptions {
  readonly host: string;
  readonly token?: string | undefined;
  readonly observerToken?: string | undefined;
  /** Names under which this machine is called, beside its own. */
  readonly hostNames?: readonly string[];
}

const LEAST_TOKEN = 16;

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
 * need the token as well.
 */
export class Access {
  readonly #options: AccessOptions;
  readonly #names: ReadonlySet<string>;
  /** Cookies know no ports: two sessions on one machine must not take each other's. Set when the port is known. */
  cookieName = "attune";

  /** @throws ServerError (misuse) for a host that others can reach without a token, or a token that can be guessed */
  constructor(options: AccessOptions) {
    const { host, token, observerToken, hostNames = [] } = options;
    if (!isLoopback(host) && token === undefined)
      throw new ServerError(
        `A page on ${host} can be reached from other machines: give it a token of ${LEAST_TOKEN} characters or more, or use 127.0.0.1.`,
        { misuse: true },
      );
    for (const each of [token, observerToken])
      if (each !== undefined && !/^[\w.~-]{16,200}$/.test(each))
        throw new ServerError(
          `A token of the page needs ${LEAST_TOKEN} to 200 letters, digits, - . _ or ~: give it a longer one.`,
          { misuse: true },
        );
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
    const { token, observerToken } = this.#options;
    const given = tokenOf(request) ?? this.#cookieOf(request);
    if (given !== undefined && token !== undefined && isSameSecret(given, token)) return "all";
    if (given !== undefined && observerToken !== undefined && isSameSecret(given, observerToken))
      return "observe";
    return token === undefined ? "all" : "none";
  }

  /** The cookie that stands for the token of this request from now on; undefined where it brought none that is right. */
  cookieFor(request: Request): string | undefined {
    const given = tokenOf(request);
    if (given === undefined || this.#options.token === undefined || this.rightsOf(request) === "none")
      return undefined;
    return `${this.cookieName}=${given}; HttpOnly; SameSite=Strict; Path=/`;
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
    return !isLoopback(this.#options.host) && /^([\d.]+|[\da-f:.]*:[\da-f:.]*)$/.test(name);
  }

  #cookieOf({ headers: { cookie = "" } }: Request): string | undefined {
    const own = cookie
      .split(";")
      .map((part) => part.trim())
      .find((part) => part.startsWith(`${this.cookieName}=`));
    return own?.slice(this.cookieName.length + 1);
  }
}

export function queryOf({ url = "" }: Request): URLSearchParams {
  const query = url.indexOf("?");
  return new URLSearchParams(query < 0 ? "" : url.slice(query));
}

const tokenOf = (request: Request): string | undefined => queryOf(request).get("token") ?? undefined;

const bare = (name: string): string => name.toLowerCase().replace(/^\[|\]$/g, "");
