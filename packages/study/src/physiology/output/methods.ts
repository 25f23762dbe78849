import { populationLimits } from "@attune/core";
import { FEWEST_WINDOWS, FEWEST_WINDOWS_A_SIDE, nullNames } from "../answer.ts";
import type { DyadResult, PersonResult } from "../result.ts";

const share = (value: number): string => (Number.isFinite(value) ? `${(100 * value).toFixed(1)} %` : "n/a");

/** The analysis in sentences that a paper can quote. It says what was done and claims nothing about the outcome. */
export function dyadMethods(result: DyadResult): string {
  const { settings, people, time, covariation, provenance, crossTalk, brain } = result;
  const [first, second] = people;
  const { primary } = covariation;
  const correction = {
    "lipponen-tarvainen": "the method of Lipponen and Tarvainen (2019)",
    berntson: "the criterion of Berntson et al. (1990)",
    none: "limits of physiology alone",
  }[settings.correction];
  const parts: [string, string][] = [
    [
      "Hearts",
      `${people.map(sourceText).join(" ")} R peaks were found by a causal detector with settings for each person's age (band-pass, slope, energy, adaptive threshold) and placed between samples by a parabola on the trace. Times are those of the whole-file clock fit. Single artefacts were repaired by ${correction}; longer damage, gaps of more than 2 s and intervals outside the limits of each age (${people.map(limitsText).join(", ")}) stayed missing. ${people.map(qualityText).join(" ")} Epochs of ${settings.epochSeconds} s with less than 80 % coverage or more than 10 % (infant 20 %) corrected intervals were left out.`,
    ],
    [
      "Respiratory sinus arrhythmia",
      `Intervals were interpolated at 5 Hz; a moving cubic polynomial of 10.2 s was subtracted and the series band-passed (${people.map(({ id, rsaBand }) => `${id} ${rsaBand.low}-${rsaBand.high} Hz`).join(", ")}); RSA is the natural logarithm of the variance in ms^2 (Porges & Bohrer, 1990)${settings.correctGain ? ", corrected for the filters' gain" : `; the filters' gain is not flat (${people.map(({ id, rsaGain }) => `${id} ${rsaGain.map(({ frequency, gain }) => `${gain.toFixed(2)} at ${frequency.toFixed(2)} Hz`).join(", ")}`).join("; ")}) and was not corrected`}. Beside it stands spectral RSA: the logarithm of the power in the same band (intervals at 4 Hz, line removed, Hann window; ${people.map(({ id, spectralSeconds }) => `${spectralSeconds} s for ${id}`).join(", ")})${people.some(({ peakToTrough }) => Number.isFinite(peakToTrough)) ? "; and peak-to-trough RSA of each breath (Grossman et al., 1990)" : ""}.${reactivityText(result)} Heart rate and its variability are not taken as measures of sympathetic activity.`,
    ],
    [
      "Cross-talk",
      crossTalk.verdict === "not-checked"
        ? "Cross-talk of the ECGs could not be checked."
        : `Before covariation was looked at, the raw ECGs (mains ${settings.mainsHz > 0 ? `of ${settings.mainsHz} Hz removed` : "not removed"}) were searched for the other person's heart and breathing: correlation at lags below 50 ms, coincident R peaks, coherence of breathing (${people.map(({ id }) => `${id}: ${breathingSource(crossTalk, id)}`).join(", ")}) with the baseline of the other's ECG${crossTalk.stretches.some(({ breathing }) => breathing.some(({ seenIn }) => seenIn === "belt")) ? " and with the other's belt" : ""}, each against its null. Verdict: ${crossTalk.verdict}.`,
    ],
    [
      "Covariation",
      `The primary measure, declared beforehand, is the ${primary.description} (windowed cross-correlation: Boker et al., 2002), over the ${time.end - time.start} s that both hearts share. A positive lag means that ${first.id} leads. It was held against ${primary.nulls.map(({ kind, nSurrogates }) => `${nullNames[kind]} (${nSurrogates})`).join(", ")}; ${nullNames[primary.decidedBy]} decide. Pseudo-dyads pair one member with the other members of other dyads (the logic of surrogate synchrony: Tschacher & Meier, 2020). p = (1 + surrogates as large) / (1 + surrogates). ${covariation.familySize} exploratory measures (${covariation.exploratory.map(({ id }) => id).join(", ")}) were corrected together (Benjamini & Hochberg, 1995). Among them: surrogate synchrony of 30 s segments (SUSY; Tschacher & Meier, 2020), the concordance index (Marci & Orr, 2006), wavelet coherence (Torrence & Compo, 1998; Grinsted et al., 2004) and cross-recurrence quantification (Marwan et al., 2007; Coco & Dale, 2014). Lags of windows were picked as the peak nearest to zero (Boker et al., 2002), which is biased to zero, and as the largest value beside it.${covariation.arousalPeaks.length === 0 ? "" : " Partners' arousal around peaks of arousal was held against as many random moments (Wass et al., 2019)."} Where surrogates were too few for q to reach the level, that is said instead of a null result. Fewer than ${FEWEST_WINDOWS} windows, or ${FEWEST_WINDOWS_A_SIDE} on a side of a split, were not interpreted. Parametric p-values of correlations were not used: both series have memory.`,
    ],
    [
      "States",
      `A window counted as in a state when at least half of it lay in the state, as out when none of it did, and was left out otherwise. Differences were tested by circular shifts of the states (30 s and more). ${settings.split === undefined ? "No layer was declared; all states are exploratory." : `The layer ${settings.split} was declared.`} In layers of gaze and phase, time that was not coded is unknown; in others (voice, touch) it is rest.`,
    ],
    [
      "Models",
      `Epochs of ${settings.epochSeconds} s entered stability-and-influence models (Thorson, West & Mendes, 2018), both directions. The within-dyad estimate of stability is biased by about -(1 + phi) / T (Nickell, 1981). Intervals describe this dyad.`,
    ],
    [
      "Behaviour",
      `Contingency is P(answer | act) minus the exact base rate of windows of the same length (1, 2 and 5 s from the act's end), tested by ${settings.nSurrogates} circular shifts and shuffled gaps of the answers. Turns are changes of speaker with pauses of at most 1, 2 and 5 s; protophones and cries were counted apart. Mutual gaze stands beside the share expected if both looked independently, tested by circular shifts. Onsets in bins of 1 s at lags of 0 to 4 s are described by log odds ratios, Yule's Q, phi and Allison and Liker's z (1982), without p-values.`,
    ],
    [
      "Brains",
      brain.isAvailable
        ? `Squared GPDC of each window (${brain.nWindows}) of the EEG with the profile "${brain.profile}", ${brain.band}, both directions, entered as a series.`
        : `Brain coupling was not computed: ${brain.why}.`,
    ],
    [
      "Software and reproduction",
      `Attune ${provenance.attuneVersion}, settings hash (SHA-256) ${provenance.settingsHash}, random seed ${settings.seed}. ${provenance.inputs.length === 0 ? "No input was hashed." : `Input: ${provenance.inputs.map(({ name, sha256 }) => `${name} (SHA-256 ${sha256})`).join(", ")}.`} The same input, settings, seed and version give the same numbers.`,
    ],
  ];
  return `# Methods\n\nAnalysis of ${result.name}: ${first.id} and ${second.id}, session time ${time.start} to ${time.end} s. Quote what you need; the settings stand in full in result.json.\n\n${parts.map(([heading, text]) => `## ${heading}\n\n${text}\n`).join("\n")}
## References

- Allison, P. D., & Liker, J. K. (1982). Analyzing sequential categorical data on dyadic interaction. Psychological Bulletin, 91, 393-403.
- Benjamini, Y., & Hochberg, Y. (1995). Controlling the false discovery rate. Journal of the Royal Statistical Society B, 57, 289-300.
- Berntson, G. G., Quigley, K. S., Jang, J. F., & Boysen, S. T. (1990). An approach to artifact identification: application to heart period data. Psychophysiology, 27, 586-598.
- Boker, S. M., Xu, M., Rotondo, J. L., & King, K. (2002). Windowed cross-correlation and peak picking. Psychological Methods, 7, 338-355.
- Coco, M. I., & Dale, R. (2014). Cross-recurrence quantification analysis of categorical and continuous time series: an R package. Frontiers in Psychology, 5, 510.
- Grinsted, A., Moore, J. C., & Jevrejeva, S. (2004). Application of the cross wavelet transform and wavelet coherence to geophysical time series. Nonlinear Processes in Geophysics, 11, 561-566.
- Grossman, P., van Beek, J., & Wientjes, C. (1990). A comparison of three quantification methods for estimation of respiratory sinus arrhythmia. Psychophysiology, 27, 702-714.
- Lipponen, J. A., & Tarvainen, M. P. (2019). A robust algorithm for heart rate variability time series artefact correction. Journal of Medical Engineering & Technology, 43, 173-181.
- Marci, C. D., & Orr, S. P. (2006). The effect of emotional distance on psychophysiologic concordance and perceived empathy between patient and interviewer. Applied Psychophysiology and Biofeedback, 31, 115-128.
- Marwan, N., Romano, M. C., Thiel, M., & Kurths, J. (2007). Recurrence plots for the analysis of complex systems. Physics Reports, 438, 237-329.
- Nickell, S. (1981). Biases in dynamic models with fixed effects. Econometrica, 49, 1417-1426.
- Porges, S. W., & Bohrer, R. E. (1990). The analysis of periodic processes in psychophysiological research. In Principles of psychophysiology. Cambridge University Press.
- Thorson, K. R., West, T. V., & Mendes, W. B. (2018). Measuring physiological influence in dyads. Psychological Methods, 23, 595-616.
- Torrence, C., & Compo, G. P. (1998). A practical guide to wavelet analysis. Bulletin of the American Meteorological Society, 79, 61-78.
- Tschacher, W., & Meier, D. (2020). Physiological synchrony in psychotherapy sessions. Psychotherapy Research, 30, 558-573.
${covariation.arousalPeaks.length === 0 ? "" : "- Wass, S. V., Smith, C. G., Clackson, K., Gibb, C., Eitzenberger, J., & Mirza, F. U. (2019). Parents mimic and influence their infant's autonomic state through dynamic affective state matching. Current Biology, 29, 2415-2422.\n"}`;
}

/** Where a person's breathing was read. */
function breathingSource({ stretches }: DyadResult["crossTalk"], id: string): string {
  const isBelt = stretches.some(({ breathing }) =>
    breathing.some(({ from, source }) => from === id && source === "belt"),
  );
  return isBelt ? "belt" : "baseline of the own ECG";
}

function reactivityText({ reactivity }: DyadResult): string {
  return reactivity === undefined
    ? ""
    : ` Reactivity is an epoch minus the mean of the person's epochs that lie wholly in the phase "${reactivity.baseline}", also in SD of these.`;
}

function limitsText({ id, role }: PersonResult): string {
  const { shortest, longest } = populationLimits(role);
  return `${id} ${shortest}-${longest} ms`;
}

const sourceText = ({ id, role, source, samplingRate, nBeats }: PersonResult): string =>
  `${id} (${role}): ${nBeats} beats from ${source}${Number.isFinite(samplingRate) ? ` at ${samplingRate} Hz` : ""}.`;

const qualityText = ({ id, correctedShare, coverage, nEpochsLeftOut, nEpochs }: PersonResult): string =>
  `${id}: ${share(correctedShare)} of intervals corrected, ${share(coverage)} of the time covered, ${nEpochsLeftOut} of ${nEpochs} epochs left out.`;
