import type { StudyResult } from "../result.ts";
import { modelText, testText } from "./methods-analysis.ts";
import { preparationText, recordingText, windowText } from "./methods-data.ts";
import { bibliography, type Citation } from "./references.ts";

/** A paragraph and what it cites. */
export interface Paragraph {
  readonly heading: string;
  readonly text: string;
  readonly cites: readonly Citation[];
}

/**
 * The analysis in sentences that a paper can quote: every parameter that was used, what was found fit for use, versions,
 * seed and hashes. It describes what was done with this recording and claims nothing about the outcome.
 */
export function methodsText(result: StudyResult): string {
  const paragraphs = [
    recordingText(result),
    preparationText(result),
    windowText(result),
    modelText(result),
    ...testText(result),
    reproductionText(result),
  ];
  const body = paragraphs.map(({ heading, text }) => `## ${heading}\n\n${text}\n`).join("\n");
  const works = bibliography(paragraphs.flatMap(({ cites }) => cites)).map((work) => `- ${work}`);
  return `# Methods\n\nAnalysis of ${result.recording.name} with the profile "${result.profile}". Quote what you need; the settings that produced it stand in full in result.json.\n\n${body}\n## References\n\n${works.join("\n")}\n`;
}

function reproductionText({ provenance, profile }: StudyResult): Paragraph {
  const { attuneVersion, settingsHash, seed, inputs } = provenance;
  const files = inputs.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256})`).join(", ");
  return {
    heading: "Software and reproduction",
    text: `All computations were made with Attune ${attuneVersion}, profile "${profile}", settings hash (SHA-256) ${settingsHash}, random seed ${seed}. ${files === "" ? "The input was generated, not read from a file." : `Input: ${files}.`} The same input, settings, seed and version give the same numbers.`,
    cites: [],
  };
}
