import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseMarker } from "./parse-marker.ts";

describe("markers as states", () => {
  test.each([
    ['{"person":"adult","layer":"gaze","state":"direct"}', "adult", "gaze", "direct"],
    ['{"state":"away","person":"infant-2","layer":"gaze","extra":1}', "infant-2", "gaze", "away"],
    ["adult.gaze=direct", "adult", "gaze", "direct"],
    ["infant-2.voice = vocalising", "infant-2", "voice", "vocalising"],
    ["adult.gaze: direct-oblique", "adult", "gaze", "direct-oblique"],
    ["gaze/adult:direct", "adult", "gaze", "direct"],
    ["gaze/adult=direct", "adult", "gaze", "direct"],
    ["phase:free-play", "session", "phase", "free-play"],
    ["  phase: still face \r\n", "session", "phase", "still face"],
  ])("%s", (text, person, layer, state) => {
    expect(parseMarker(text)).toEqual({ person, layer, state });
  });

  test.each([
    "infant_voc/onset",
    "Stimulus/S  1",
    "http://example.org/a",
    "12:30",
    "boundary",
    "phase:",
    "adult.gaze=",
    "",
    "{not json",
    '{"person":"adult","layer":"gaze"}',
    '{"person":1,"layer":"gaze","state":"direct"}',
    '{"coding":{"person":"adult","layer":"gaze","state":"direct"}}',
    "null",
    'note "a: b"',
  ])("%s is an event and nothing more", (text) => {
    expect(parseMarker(text)).toBeUndefined();
  });

  test("what a recording writes as a state is read as that state", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string(), (person, layer, state) => {
        expect(parseMarker(JSON.stringify({ person, layer, state }))).toEqual({ person, layer, state });
      }),
    );
  });

  test("no text makes it throw", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        parseMarker(text);
        parseMarker(`{${text}`);
      }),
    );
  });
});
