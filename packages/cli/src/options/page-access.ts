import type { SessionServerOptions } from "@attune/server";
import { MisuseError } from "../errors/misuse.ts";

/** Where the page listens and what it asks for; empty for loopback, which asks for nothing. */
export type PageAccess = Pick<SessionServerOptions, "host" | "token" | "observerToken">;

const TOKEN = "ATTUNE_PAGE_TOKEN";
const OBSERVER_TOKEN = "ATTUNE_PAGE_OBSERVER_TOKEN";

/** What the option says in every command that has it. */
export const PAGE_HOST_HELP =
  "let other machines open the page: an address or interface of this one, or 0.0.0.0 for all; prints an address for who runs it and one for who only looks, each with a token";

/** What stands below the options. */
export const TOKEN_HELP = `Tokens are drawn anew each time, unless ${TOKEN} and ${OBSERVER_TOKEN} in the environment hold them.`;

/**
 * Where a host was named, or a token given, everybody needs a token, on loopback too. Own tokens come by the environment, never by
 * an option: command lines are seen by everybody who lists processes. They are taken out of it, so that no program started from
 * here inherits them.
 *
 * @param host as typed; undefined for loopback
 * @throws MisuseError for tokens that will not do; ServerError (misuse) for a host that this machine does not have
 */
export async function pageAccess(
  host: string | undefined,
  environment: NodeJS.ProcessEnv = process.env,
): Promise<PageAccess> {
  const given = takeOut(TOKEN, environment);
  const givenToObservers = takeOut(OBSERVER_TOKEN, environment);
  if (host === undefined && given === undefined && givenToObservers === undefined) return {};
  const { drawToken, hostNamed, isToken, TOKEN_RULE } = await import("@attune/server");
  for (const [name, text] of [
    [TOKEN, given],
    [OBSERVER_TOKEN, givenToObservers],
  ] as const)
    if (text !== undefined && !isToken(text))
      throw new MisuseError(`${name} must be ${TOKEN_RULE}: give it another, or none, and one is drawn.`);
  if (given !== undefined && given === givenToObservers)
    throw new MisuseError(`${OBSERVER_TOKEN} must not be ${TOKEN}: who looks on would write.`);
  return {
    host: hostNamed(host ?? "127.0.0.1"),
    token: given ?? drawToken(),
    observerToken: givenToObservers ?? drawToken(),
  };
}

function takeOut(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const text = environment[name];
  delete environment[name];
  return text === "" ? undefined : text;
}
