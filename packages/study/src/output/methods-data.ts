import type { StudyResult } from "../result.ts";
import type { Paragraph } from "./methods.ts";
import { counted, decimal, listing } from "./prose.ts";

/** Who was recorded with what. */
export function recordingText({ recording, montage, people }: StudyResult): Paragraph {
  const persons = people.map(({ id }) => {
    const channels = montage.filter(({ person }) => person === id).map(({ channel }) => channel);
    const stream = recording.streams.find(({ person }) => person === id);
    const rate =
      stream === undefined
        ? ""
        : ` (stream "${stream.name}", nominal ${decimal(stream.nominalSamplingRate)} Hz, measured ${decimal(stream.effectiveSamplingRate)} Hz, clock drift ${decimal(stream.driftPpm, 1)} ppm, ${counted(stream.gaps.length, "gap")})`;
    return `${id}: ${listing(channels)}${rate}`;
  });
  const damage =
    recording.damage.length === 0
      ? ""
      : ` The file was damaged in ${counted(recording.damage.length, "place")}; what was lost was left out.`;
  return {
    heading: "Recording",
    text: `The recording (${recording.name}, ${recording.format}) lasted ${decimal(recording.durationSeconds, 1)} s. These channels entered the model: ${persons.join("; ")}.${damage}`,
    cites: [],
  };
}

/** From samples as recorded to samples that can be compared. */
export function preparationText({ settings, recording }: StudyResult): Paragraph {
  const { filter, artefacts, gridRate, analysisRate, reference } = settings;
  const cut = recording.format === "epochs";
  const alignment =
    settings.alignment === "causal"
      ? "each stream's clock was modelled causally, from stamps and clock offsets known at the time, as in a live session"
      : "each stream's clock was fitted over the whole file";
  const aligned = cut
    ? `Windows had been cut beforehand and were resampled to ${decimal(analysisRate)} Hz, without any further filter.`
    : `All signals were put on one time grid of ${decimal(gridRate)} Hz by band-limited interpolation; ${alignment}; nothing was interpolated across gaps.${analysisRate === gridRate ? "" : ` The model was fitted at ${decimal(analysisRate)} Hz.`}`;
  const parts = [
    ...(filter.highPassHz > 0 ? [`high-pass ${decimal(filter.highPassHz)} Hz`] : []),
    ...(filter.lowPassHz > 0 ? [`low-pass ${decimal(filter.lowPassHz)} Hz`] : []),
  ];
  const butterworth =
    parts.length === 0 ? [] : [`Butterworth filters of order ${filter.order} (${listing(parts)})`];
  const notch = filter.notchHz > 0 ? [`a notch at ${decimal(filter.notchHz)} Hz`] : [];
  const kinds = [...butterworth, ...notch];
  const phase =
    filter.phase === "causal"
      ? "run causally, the same for every channel"
      : "run forwards and backwards (zero phase), the same for every channel";
  const filters = cut
    ? ""
    : kinds.length === 0
      ? " No filter was applied."
      : ` Signals were filtered with ${listing(kinds)}, ${phase}.`;
  const referenced =
    reference === "average"
      ? " Each person's channels were referenced to the average of that person's stream."
      : " The reference of the recording was kept.";
  const limits = `${artefacts.amplitudeMicrovolts.adult} µV (adult), ${artefacts.amplitudeMicrovolts.infant} µV (infant) and ${artefacts.amplitudeMicrovolts.child} µV (child)`;
  const line =
    artefacts.lineNoiseShare < 1 && artefacts.lineNoiseHz > 0
      ? `, if more than ${decimal(100 * artefacts.lineNoiseShare, 1)} % of its power lay at ${artefacts.lineNoiseHz} Hz`
      : "";
  const screening = cut
    ? " Windows had been chosen by whoever cut them."
    : ` A window was left out for all people if any channel in it deviated from its mean by more than ${limits}, did not move for ${artefacts.flatSeconds} s or stayed on its extreme value for ${artefacts.railedSeconds} s (both judged on the samples as the device sent them, before reference and interpolation, and again in the window)${line}, or if samples were missing or the filters had not settled.`;
  const outliers =
    artefacts.outlierZ > 0
      ? ` A window was also left out if the log power of any channel exceeded the median of its condition by more than ${artefacts.outlierZ} robust standard deviations (1.4826 times the median absolute deviation).`
      : "";
  const guard =
    artefacts.guardSeconds > 0 && !cut
      ? ` So were windows within ${artefacts.guardSeconds} s of such an artefact in anybody.`
      : "";
  return {
    heading: "Alignment, filters and artefacts",
    text: `${aligned}${filters}${referenced}${screening}${outliers}${guard}`,
    cites: [],
  };
}

/** Windows, states, and how much was left. */
export function windowText({ settings, conditions, diagnostics, timeline }: StudyResult): Paragraph {
  const { window, states, minimumCleanSeconds, equaliseRepeats } = settings;
  const cut = `Signals were cut into windows of ${decimal(window.seconds)} s with ${decimal(100 * window.overlap, 1)} % overlap.`;
  const coded = timeline.states.some(
    ({ person, layer }) => person === states.person && layer === states.layer,
  );
  const requirements = states.require
    .filter(({ person, layer }) =>
      timeline.states.some((each) => each.person === person && each.layer === layer),
    )
    .map(({ person, layer, states: allowed }) => `${layer} of ${person} was ${listing(allowed)}`);
  const latency =
    states.latencySeconds === 0
      ? ""
      : ` Coded changes were moved ${states.latencySeconds} s earlier to undo the latency of coding.`;
  const labelled = coded
    ? ` A window belonged to a condition if the ${states.layer} of ${states.person} was in the same coded state throughout the window and the ${states.guardSeconds} s before it; unknown spans up to ${states.bridgeSeconds} s inside one state were bridged, any other unknown state excluded the window.${requirements.length === 0 ? "" : ` Besides, a window was used only while ${listing(requirements)}.`}${latency}`
    : " No states were coded, so all windows form one condition.";
  const { total, accepted } = diagnostics.windows;
  const per = conditions.map((each) =>
    each.reported
      ? `${each.condition}: ${counted(each.nWindows, "window")} in ${counted(each.nEpisodes, "episode")}, ${decimal(each.cleanSeconds, 1)} s`
      : `${each.condition}: not reported (${each.reason ?? "no reason given"})`,
  );
  const kept = ` Of ${counted(total, "window")}, ${accepted} could be used${per.length === 0 ? "" : ` (${per.join("; ")})`}. A condition was reported from ${minimumCleanSeconds} s of clean data.`;
  const equalised =
    equaliseRepeats === 0 || conditions.filter(({ reported }) => reported).length < 2
      ? ""
      : ` Values with all conditions cut to the same number of windows are the mean over ${equaliseRepeats} random choices.`;
  return { heading: "Windows and conditions", text: `${cut}${labelled}${kept}${equalised}`, cites: [] };
}
