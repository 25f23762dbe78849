import { describe, expect, test } from "vitest";
import { eventWords, pageTime } from "./event-words.ts";

describe("labels as words", () => {
  test("times are those of the page, which counts from Begin", () => {
    expect(pageTime(1032.84, 1027.44)).toBe("0:05.4");
    expect(pageTime(1150, 1027.5)).toBe("2:02.5");
    expect(pageTime(1020, 1027.5)).toBe("-0:07.5");
  });

  test("what programs read is told in words; all else is words already", () => {
    expect(eventWords("bad 1027.841 1032.841", 1020)).toBe("marked as bad from 0:07.8 to 0:12.8");
    expect(eventWords("retracted 1032.841 bad 1027.841 1032.841", 1020)).toBe(
      "taken back: marked as bad from 0:07.8 to 0:12.8 (entered at 0:12.8)",
    );
    expect(eventWords("retracted 1032.841 note door", 1020)).toBe(
      "taken back: note door (entered at 0:12.8)",
    );
    expect(eventWords("note bad 3 times", 1020)).toBe("note bad 3 times");
  });
});
