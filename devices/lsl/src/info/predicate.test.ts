import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LslStreamError } from "../errors.ts";
import { checkPredicate, PredicateMatcher, sessionQuery, xpathLiteral } from "./predicate.ts";
import { writeInfo } from "./xml-write.ts";

function matcherFor(name: string, channelCount = 8): PredicateMatcher {
  const noPorts = { dataPort: 1, servicePort: 1 };
  const facts = { uid: "u", createdAt: 1, sessionId: "default", hostname: "vm-1", v4: noPorts, v6: noPorts };
  const { full } = writeInfo(
    {
      name,
      type: "EEG",
      channelCount,
      nominalSamplingRate: 100,
      channelFormat: "float32",
      channels: Array.from({ length: channelCount }, (_, c) => ({ label: `C${c}`, unit: "uV", type: "EEG" })),
    },
    facts,
  );
  return new PredicateMatcher(full, 100, 8192);
}

describe("a predicate against the info of a stream named probe", () => {
  const matcher = matcherFor("probe");

  test.each([
    "",
    "name='probe'",
    'name="probe"',
    "starts-with(name,'pr') and channel_count>2",
    "count(//channel)=8",
    "not(name='x')",
    "contains(hostname,'v') or 1=0",
    "string-length(name)>3",
    "//name='probe'",
    "/info/name='probe'",
    "nominal_srate=100",
    "desc",
    "*",
    "session_id='default' and (name='x' or name='probe')",
    "desc/channels/channel[label='C3']/unit='uV'",
  ])("%s fits", (query) => {
    expect(matcher.matches(query)).toBe(true);
  });

  test.each([
    "name='other'",
    "info/name='probe'",
    "nominal_srate='100'",
    "name=",
    "((",
    "unknown()",
    "$variable",
    "prefix:name",
  ])("%s does not fit", (query) => {
    expect(matcher.matches(query)).toBe(false);
  });

  test("with nested steps over everything is not evaluated: it could take for ever", () => {
    const nested = `${"//*[".repeat(6)}1${"]".repeat(6)}`;
    expect(matcher.matches(`count(${nested})>=0`)).toBe(false);
    expect(matcherFor("wide", 256).matches("//label='C200' and //unit='uV' and //name='wide'")).toBe(true);
  });

  test("any text is answered without throwing", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (query) => {
        expect(typeof matcher.matches(query)).toBe("boolean");
      }),
    );
  });
});

test("the recovery query of liblsl 1.10 finds the stream though it spells the rate its own way", () => {
  const query = (rate: string): string =>
    `channel_count='8' and name='probe' and type='EEG' and nominal_srate='${rate}' and source_id='' and channel_format='float32'`;
  expect(matcherFor("probe").matches(query("100"))).toBe(true);
  expect(matcherFor("probe").matches(query("101"))).toBe(false);
});

test("a misspelt predicate is refused before it is sent, one of several lines as well", () => {
  expect(() => checkPredicate("name='x' and", 8192)).toThrow(LslStreamError);
  expect(() => checkPredicate("name='x'\nLSL:timedata", 8192)).toThrow(LslStreamError);
  expect(() => checkPredicate("a".repeat(9000), 8192)).toThrow(LslStreamError);
  expect(() => checkPredicate("", 8192)).not.toThrow();
  expect(() => checkPredicate("name='x' and type='EEG'", 8192)).not.toThrow();
});

test("a name with quotes of either kind can be asked for", () => {
  for (const name of ["it's", 'say "x"', `both ' and "`]) {
    expect(matcherFor(name).matches(`name=${xpathLiteral(name)}`)).toBe(true);
    expect(matcherFor("other").matches(`name=${xpathLiteral(name)}`)).toBe(false);
  }
});

test("the session holds for the whole predicate, an `or` in it included", () => {
  expect(matcherFor("probe").matches(sessionQuery("other", "name='x' or name='probe'"))).toBe(false);
  expect(matcherFor("probe").matches(sessionQuery("default", "name='x' or name='probe'"))).toBe(true);
});
