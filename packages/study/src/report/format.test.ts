import fc from "fast-check";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { quantileOfSorted } from "./chart.ts";
import { electrodePosition } from "./electrode-position.ts";
import {
  amount,
  amountText,
  decimals,
  duration,
  enumerate,
  fixed,
  levelText,
  precise,
  probability,
  signed,
  small,
} from "./format.ts";
import { escapeText, html, trusted, unbroken } from "./html.ts";
import { styleSheet } from "./style.ts";

describe("numbers in words", () => {
  it("write a true minus, never minus zero", () => {
    expect(fixed(-0.01234, 4)).toBe("−0.0123");
    expect(fixed(-0.00001, 4)).toBe("0.0000");
    expect(fixed(-0, 0)).toBe("0");
    expect(precise(-1.5e-9)).toBe("−1.5e−9");
    expect(precise(0.123456789)).toBe("0.123457");
    expect(small(0.00006)).toBe("0.0001");
    expect(small(0.000003)).toBe("< 0.0001");
    expect(small(-0.000003)).toBe("> −0.0001");
    expect(small(0)).toBe("0.0000");
    expect(signed(0.5, 2)).toBe("+0.50");
    expect(signed(0.001, 2)).toBe("0.00");
    expect(signed(-0.5, 2)).toBe("−0.50");
  });

  it("write probabilities without the leading zero and never as zero", () => {
    expect(probability("p", 0.0004)).toBe("p < .001");
    expect(probability("p", 0.001)).toBe("p = .001");
    expect(probability("q", 0.0416)).toBe("q = .042");
    expect(probability("p", 1)).toBe("p = 1.000");
    expect(levelText(0.05)).toBe(".05");
  });

  it("write what is missing as n/a with its reason", () => {
    for (const missing of [Number.NaN, undefined, Number.POSITIVE_INFINITY]) {
      expect(amountText(missing, decimals(2), "no null computed")).toBe("n/a (no null computed)");
      expect(String(amount(missing, decimals(2), "<none>"))).toContain(
        'n/a <span class="why">(&lt;none&gt;)',
      );
    }
    expect(amount(0, decimals(2), "no")).toBe("0.00");
  });

  it("write durations and lists as prose does", () => {
    expect(duration(74.5)).toBe("74.5 s");
    expect(duration(300.4)).toBe("5 min");
    expect(duration(185)).toBe("3 min 5 s");
    expect(enumerate(["a", "b", "c"])).toBe("a, b and c");
    expect(enumerate([])).toBe("");
  });
});

describe("escaping", () => {
  it("brings every text back as it was, in content and in attributes", () => {
    const text = fc.string({ unit: "grapheme" });
    fc.assert(
      fc.property(text, (value) => {
        const { document } = parseHTML(
          `<!doctype html><html><body>${html`<p title="${value}">${value}</p>`}</body></html>`,
        );
        expect(document.querySelector("p")?.textContent).toBe(value);
        expect(document.querySelector("p")?.getAttribute("title")).toBe(value);
      }),
    );
  });

  it("replaces control characters and keeps markup that was made on purpose", () => {
    expect(escapeText("a\u0000b")).toBe("a\ufffdb");
    expect(String(html`${trusted("<b>")}${"<b>"}`)).toBe("<b>&lt;b&gt;");
    expect(String(unbroken("so (p = .001, q < .001)."))).toBe(
      'so (<span class="nowrap">p = .001</span>, <span class="nowrap">q &lt; .001</span>).',
    );
  });
});

describe("small geometry", () => {
  it("interpolates quantiles as type 7 does", () => {
    expect(quantileOfSorted([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantileOfSorted([1, 2, 3, 4, 5], 0.025)).toBeCloseTo(1.1, 12);
    expect(quantileOfSorted([], 0.5)).toBeNaN();
  });

  it("finds electrodes: odd left, even right, z in the middle, front to back, old names too", () => {
    expect(electrodePosition("Cz")).toEqual({ x: 0, y: 0 });
    expect(electrodePosition("C3")?.x).toBeCloseTo(-0.42, 12);
    expect(electrodePosition("c4")?.x).toBeCloseTo(0.42, 12);
    expect(electrodePosition("Fp1")?.y).toBeGreaterThan(electrodePosition("F3")?.y ?? 1);
    expect(electrodePosition("T3")).toEqual(electrodePosition("T7"));
    for (const label of ["E12", "A1", "", "C99", "Fz-ref", "EOG1"])
      expect(electrodePosition(label)).toBeUndefined();
  });
});

/** Relative luminance and contrast after WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((start) => {
    const value = Number.parseInt(hex.slice(start, start + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

describe("colours", () => {
  const themes = [...styleSheet.matchAll(/:root \{([^}]*--bg[^}]*)\}/g)].map(
    ([, body]) =>
      new Map(
        [...(body as string).matchAll(/--([a-z0-9-]+): (#[0-9a-f]{6})/g)].map(([, name, value]) => [
          name as string,
          value as string,
        ]),
      ),
  );

  it("keep text at 4.5 to 1 and marks at 3 to 1 in the light, dark and printed theme", () => {
    expect(themes.length).toBe(3);
    for (const theme of themes) {
      const of = (name: string) => theme.get(name) as string;
      for (const text of ["fg", "muted", "adult", "adult-2", "infant", "infant-2", "note", "grey"])
        expect(contrast(of(text), of("bg")), text).toBeGreaterThanOrEqual(4.5);
      for (const text of ["fg", "muted"])
        expect(contrast(of(text), of("panel")), text).toBeGreaterThanOrEqual(4.5);
      for (const box of ["alarm", "caution", "note", "good"]) {
        expect(contrast(of(box), of(`${box}-bg`)), box).toBeGreaterThanOrEqual(4.5);
        expect(contrast(of("fg"), of(`${box}-bg`)), box).toBeGreaterThanOrEqual(4.5);
      }
      for (const mark of ["adult", "infant", "adult-2", "infant-2"])
        expect(contrast(of(mark), of("null")), mark).toBeGreaterThanOrEqual(3);
    }
  });
});
