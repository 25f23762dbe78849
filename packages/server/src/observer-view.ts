import { basename } from "node:path";
import type { Hello } from "@attune/wire/page";
import type { SourceDocument } from "./page-source.ts";

/**
 * A document as who came by the observers' address sees it: everything that is measured, nothing that people wrote about each
 * other. Notes, reasons of overrides, markers and the log stay with those who run the session, as do the gate, coders and their
 * agreement, and the sheet at the end. Undefined: it is not told at all.
 */
export function asObserversSee(document: SourceDocument): SourceDocument | undefined {
  switch (document.kind) {
    case "log":
    case "checks":
    case "coding":
    case "summary":
      return undefined;
    case "timeline":
      return { ...document, events: [] };
    default:
      return document;
  }
}

/** The same for who and what there is: the name of the recording, and not the folders above it. */
export const helloForObservers = (hello: Hello): Hello => ({
  ...hello,
  recording: hello.recording === null ? null : basename(hello.recording),
});
