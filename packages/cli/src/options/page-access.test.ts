import { expect, test } from "vitest";
import { pageAccess } from "./page-access.ts";

const MINE = "a-token-of-some-length";
const THEIRS = "another-token-to-look";

test("nothing asked for is loopback without a token; a host or a token asks everybody for one", async () => {
  expect(await pageAccess(undefined, {})).toEqual({});
  expect(await pageAccess(undefined, { ATTUNE_PAGE_TOKEN: "" })).toEqual({});
  const drawn = await pageAccess("127.0.0.1", {});
  const again = await pageAccess("127.0.0.1", {});
  expect(drawn.host).toBe("127.0.0.1");
  expect(new Set([drawn.token, drawn.observerToken, again.token, again.observerToken]).size).toBe(4);
  expect(await pageAccess(undefined, { ATTUNE_PAGE_OBSERVER_TOKEN: THEIRS })).toMatchObject({
    host: "127.0.0.1",
    token: expect.stringMatching(/^[\w-]{16,}$/),
    observerToken: THEIRS,
  });
});

test("own tokens are taken out of the environment, so that no program that is started inherits them", async () => {
  const environment = { ATTUNE_PAGE_TOKEN: MINE, ATTUNE_PAGE_OBSERVER_TOKEN: THEIRS, HOME: "/" };
  expect(await pageAccess("0.0.0.0", environment)).toEqual({
    host: "0.0.0.0",
    token: MINE,
    observerToken: THEIRS,
  });
  expect(environment).toEqual({ HOME: "/" });
});

test("a token that is short, or the same for both, is refused without being said", async () => {
  for (const environment of [
    { ATTUNE_PAGE_TOKEN: "secret" },
    { ATTUNE_PAGE_OBSERVER_TOKEN: "secret with blanks in it" },
    { ATTUNE_PAGE_TOKEN: "not-a-secret-any-more", ATTUNE_PAGE_OBSERVER_TOKEN: "not-a-secret-any-more" },
  ]) {
    const refusal = await pageAccess("127.0.0.1", environment).catch((error: Error) => error);
    expect(refusal).toMatchObject({ code: "ATTUNE_MISUSE" });
    expect((refusal as Error).message).toMatch(/ATTUNE_PAGE_(OBSERVER_)?TOKEN must/);
    expect((refusal as Error).message).not.toContain("secret");
  }
});
