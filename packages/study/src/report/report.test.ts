import { describe, expect, it } from "vitest";
import { documentOf, threePeople, unbalanced, variants, withMarker } from "./example-variants.ts";
import { renderReport } from "./render-report.ts";
import { texts } from "./texts.ts";

describe.each(variants)("a report of %s", (_, build) => {
  const report = renderReport(build());
  const document = documentOf(report);

  it("is well formed: every element is closed in order and ids are unique", () => {
    expect(report.startsWith('<!doctype html>\n<html lang="en">')).toBe(true);
    expect(unbalanced(report)).toEqual([]);
    const ids = [...document.querySelectorAll("[id]")].map((item) => item.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("writes missing numbers as n/a, never as NaN, undefined or an object", () => {
    const found = report
      .replace(/<style>[\s\S]*?<\/style>/, "")
      .match(/NaN|undefined|Infinity|\[object|>null<|<t[dh][^>]*>\s*<\/t[dh]>/g);
    expect(found).toBeNull();
  });

  it("needs nothing from outside and runs nothing", () => {
    const found = report.match(
      /https?:|\/\/[a-z]|@import|url\(|<script|<link|<img|<iframe|\bsrc=|\bon[a-z]+=/i,
    );
    expect(found).toBeNull();
    const policy = document.querySelector("meta[http-equiv='Content-Security-Policy']");
    expect(policy?.getAttribute("content")).toMatch(/^default-src 'none'; style-src 'unsafe-inline';/);
  });

  it("has one h1, all sections in order, and contents that lead to them", () => {
    expect(document.querySelectorAll("h1").length).toBe(1);
    const titles = [...document.querySelectorAll("main > section > h2")].map((item) => item.textContent);
    expect(titles).toEqual(Object.values(texts.headings));
    for (const link of document.querySelectorAll("nav a"))
      expect(document.getElementById((link.getAttribute("href") ?? "").slice(1))).not.toBeNull();
  });

  it("gives every picture a label, every figure a caption, every table a caption and headers", () => {
    for (const svg of document.querySelectorAll("svg"))
      expect(svg.getAttribute("aria-hidden") ?? svg.getAttribute("aria-label")).toBeTruthy();
    for (const item of document.querySelectorAll("figure"))
      expect(item.querySelector("figcaption")?.textContent).toContain("How to read it.");
    for (const item of document.querySelectorAll("table")) {
      expect(item.querySelector("caption")?.textContent).toBeTruthy();
      const nColumns = item.querySelectorAll("thead th").length;
      for (const row of item.querySelectorAll("tbody tr")) {
        const widths = [...row.children].map((cell) => Number(cell.getAttribute("colspan") ?? 1));
        expect(widths.reduce((sum, width) => sum + width, 0)).toBe(nColumns);
        expect(row.querySelector("th")).not.toBeNull();
      }
    }
  });

  it("is the same to the byte when it is written again, whatever was written in between", () => {
    renderReport(threePeople());
    expect(renderReport(build())).toBe(report);
  });

  it("lets no text of the data become markup", () => {
    const marker = `"'><script>alert(1)</script><img src=x onerror="x()">&amp;</svg>`;
    const hostile = documentOf(renderReport(withMarker(build(), marker)));
    expect(hostile.querySelectorAll("script, img").length).toBe(0);
    const attributes = [...hostile.querySelectorAll("*")].flatMap((item) =>
      [...item.attributes].map((attribute) => attribute.name),
    );
    expect(
      attributes.filter((name) => /^on|^src$|[^a-zA-Z:-]/.test(name) && !/^[xy][12]$/.test(name)),
    ).toEqual([]);
    // The same elements as before: nothing was opened or closed by a name.
    const shape = (page: typeof document) =>
      [...page.querySelectorAll("body *")].filter((item) => !item.closest("svg")).length;
    expect(shape(hostile)).toBe(shape(document));
    expect(unbalanced(renderReport(withMarker(build(), " <b>&")))).toEqual([]);
  });
});
