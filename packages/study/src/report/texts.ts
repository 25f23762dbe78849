import type { ModelStatus, RejectionReason } from "@attune/signal";
import type { NullId } from "../settings.ts";

const status: Readonly<Record<ModelStatus, string>> = {
  ok: "ok",
  "insufficient-data": "too few samples for the model",
  "not-positive-definite": "model could not be solved",
  unstable: "model is unstable",
};

const rejection: Readonly<Record<RejectionReason, string>> = {
  gap: "gap in the data",
  "not-a-number": "missing samples",
  amplitude: "amplitude too large",
  "near-artefact": "next to an artefact",
  outlier: "power out of the ordinary",
  flat: "flat channel",
  railed: "amplifier at its limit",
  "line-noise": "mains hum",
  clock: "clock not certain enough",
  "filter-settling": "filter still settling",
  "state-switch": "too close to a change of state",
  "state-unknown": "state unknown",
  requirement: "required state not held",
  late: "the analysis was busy",
};

const nulls: Readonly<Record<NullId, string>> = {
  residualShuffle: "this direction taken out, the other kept",
  blockShuffle: "one head's windows reordered",
  circularShift: "one head's recording rotated in time",
  repetitionSwap: "same pair, another repetition",
  phaseRand: "Fourier phases randomised per head",
  allChannelShuffle: "every channel reordered on its own",
  jointShuffle: "whole windows reassigned to conditions",
  timeReverse: "time reversed",
};

/** Every English sentence of the report that does not come from the result itself. */
export const texts = {
  title: "Adult–infant EEG coupling",
  status,
  rejection,
  nullNames: nulls,

  missing: {
    notReported: "condition not reported",
    noReason: "no reason was given",
    noNull: "no null computed",
    noInterval: "no interval computed",
    outsideFamily: "exploratory",
    notRequested: "not asked for",
    notComputed: "not computed",
    noData: "no usable data",
    absent: "not in the result",
    irregular: "irregular stream",
    noRandomTimes: "too few clean random times",
  },

  severity: { alarm: "Alarm", caution: "Caution", note: "Note", good: "Good" },
  severityGlyph: { alarm: "■", caution: "▲", note: "●", good: "✓" },

  answer: {
    above: "above chance",
    inside: "Not above chance in any condition",
    untested: "Not tested against chance",
    unusable: "No usable number",
    nothingReported: "No condition had enough clean data for a coupling number, so the question stays open.",
    noFamily: "No declared band and direction is in this result, so there is no headline answer.",
    noNumbers: "No declared coupling could be computed, so the question stays open.",
    noContrast:
      "Conditions were not compared with each other here; “above chance in one, not in the other” is not by itself a difference between conditions.",
    contrastLead: "Compared directly: ",
    noDifference: "no declared coupling differed reliably between conditions",
    noOtherDifference: "no other declared coupling differed reliably",
    meaning: (alpha: string) =>
      `“Coupling” means that the sender's recent EEG improves the prediction of the receiver's EEG beyond everything else in the model. It is predictive coupling, not proof of causation: a shared input that reaches one person earlier produces the same picture. p is the share of results at least this large when chance alone is at work; q is p adjusted for all the tests that were declared beforehand; below ${alpha} is called above chance.`,
    alarm: "Read it together with the alarm below.",
    singleRecording: "One recording describes these people only; it says nothing yet about a group.",
  },

  headings: {
    coupling: "Coupling in each condition against chance",
    heads: "Who predicts whom",
    contrasts: "Conditions compared with each other",
    matrix: "Channel by channel",
    spectrum: "Coupling over frequency",
    timeline: "States and windows over time",
    nulls: "What chance means here",
    model: "Is the model to be trusted?",
    other: "Other measures on the same windows",
    events: "Around events",
    power: "Signal power",
    recording: "The recording",
    provenance: "Where these numbers come from",
  },

  terms: {
    summary: "Terms used in this report",
    entries: [
      [
        "Coupling value (squared GPDC)",
        "Generalised partial directed coherence, squared (Baccalá and colleagues, 2007): of all that a sending channel passes on at a frequency, itself included, the share (0 to 1) that goes to the receiving channel. Averaged over the frequencies of a band and over all channel pairs from one head to the other.",
      ],
      [
        "Null, chance, surrogate",
        "The same number computed again and again from data in which the link between the heads was destroyed on purpose. The value is never negative, so chance is not zero: only what exceeds the null counts.",
      ],
      [
        "Corrected value",
        "(value − null mean) / (1 − null mean). Zero is what chance gives; it may be negative. Directions and conditions are compared on this number, because chance itself differs with the sender's own signal and with the amount of data.",
      ],
      ["z", "Distance from the null mean in standard deviations of the null."],
      [
        "p",
        "Share of surrogates at least as large as the value, one-sided: (1 + count) / (1 + number of surrogates).",
      ],
      [
        "q",
        "p adjusted (Benjamini–Hochberg) over the family that was declared beforehand: both directions of the primary bands in every reported condition. Results outside it are exploratory.",
      ],
      [
        "Window, episode",
        "A window is one short stretch of both people's EEG. An episode is one uninterrupted stretch of a state, such as one look. Windows of one episode resemble each other, so episodes are what permutations exchange.",
      ],
    ],
  },

  coupling: {
    lead: "The coupling value is squared GPDC (generalised partial directed coherence): of all that a sending channel passes on in a band, the share, 0 to 1, that goes to a channel of the other head. Chance alone never gives zero, so every value stands in front of its null: the same number from data in which the link between the heads was destroyed on purpose.",
    conditions: "Data behind each condition",
    caption:
      "A filled mark is the value, the thin bar its 95 % interval (given for the corrected value, drawn here on the raw scale); the grey band holds the middle 95 % of the null and the upright tick is the null mean. Coloured marks are above chance; hollow grey marks are not, or their model cannot be trusted, and the words beside them say which.",
    scale: "Squared GPDC (0 to 1)",
    numbers: "Values of the picture",
    legendValue: "above chance",
    legendGrey: "not above chance, untested or unusable",
    legendBand: "null, middle 95 %, tick at its mean",
    noDirections: "The result holds no directions between people.",
    exploratory: "exploratory",
    links: "All channel pairs",
    linksNote: "Each row is one pair of channels from one head to the other; q is adjusted over all pairs.",
    equalised: "Equalised: every condition cut to the same number of windows, averaged over repeats.",
    floor: "Floor: the analytic expectation without coupling, for orientation only; surrogates decide.",
  },

  heads: {
    caption:
      "Two heads seen from above, facing each other; an arrow points from the sender to the receiver. Its width is the corrected value, on one scale in all panels. Solid and coloured: above chance. Grey and dashed: inside chance, not tested, or from an unusable model. Values at or below zero have the thinnest line; where there is no number there is no arrow.",
    notReported: "Not reported",
    noData: "n/a (no data)",
    noNull: "n/a (no null)",
  },

  contrasts: {
    caption:
      "Each mark is the difference between the corrected values of two conditions, first minus second; the grey bar is the middle 95 % expected if the labels of the episodes meant nothing (null mean ± 1.96 standard deviations). A mark outside it speaks for a real difference.",
    none: "No two conditions were compared: fewer than two were reported, or the comparison was not asked for.",
    scale: "Difference of corrected values",
    numbers: "Differences between conditions",
  },

  matrix: {
    caption:
      "Each square is one pair of channels: read the sender at the top (from), the receiver at the left (to). Darker (in the dark theme: brighter) is larger. Thick frames and blue mark the blocks between people; grey squares lie within one head and have their own scale; the diagonal, a channel on itself, is crossed out. These are raw values: chance is not taken off.",
    from: "from",
    to: "to",
    between: "between heads, squared GPDC from 0 to",
    within: "within a head, from 0 to",
    none: "No channel matrix was computed.",
    numbers: "Numbers of the matrices",
    unit: "Squares that are large enough hold their value.",
  },

  spectrum: {
    caption:
      "The thick line is the squared GPDC at each frequency, averaged over the channel pairs of the direction; the dashed line is what the formula expects without coupling (the floor) and the dotted line the level that 5 % of uncoupled data would exceed at a single frequency. Shaded stretches are the bands. The two thin lines are for orientation: surrogates decide.",
    frequency: "Frequency (Hz)",
    value: "Squared GPDC",
    measured: "measured",
    floor: "analytic floor",
    threshold: "95 % threshold at one frequency",
    none: "No spectrum was computed.",
    range: "Shown up to",
    rest: "the result file holds every frequency.",
  },

  timeline: {
    caption:
      "Time runs to the right. Upper rows: when each state held. Lower rows: every analysis window, in the row of the condition it counted for or of the reason that kept it out; a window with two reasons is in two rows.",
    states: "state held",
    accepted: "window used",
    rejected: "window left out",
    used: "used",
    out: "out",
    none: "The result holds neither states nor windows.",
    counts: "Windows left out, by person and reason",
    countsNote: "A window may be counted under several reasons.",
    noneRejected: "No window was left out.",
    time: "Session time (s)",
  },

  nulls: {
    lead: "Each null destroys one thing and keeps the rest. A small p speaks only against the explanation that the null stands for.",
    what: "The nulls of this analysis",
    primary: "headline null",
    probabilities: "p of each direction under each null",
    probabilitiesNote: (alpha: string) =>
      `Numbers in bold with a dot are below ${alpha}, not adjusted for the number of tests.`,
    none: "No null was computed: nothing in this report can be called above or inside chance.",
    resolution: "The smallest p that n surrogates can give is 1 / (n + 1).",
    reversal: "Time reversal",
    reversalLead:
      "Net flow is Granger causality (how much one person's past improves the prediction of the other, in nats, the natural unit of information) in one direction minus the other. If the recording is played backwards, a true lead becomes a lag, while differences of power and noise stay. So what counts is the difference between forward and reversed net flow.",
    reversalSupports: "supports this direction",
    reversalAgainst: "supports the opposite direction",
    reversalNone: "no support for either direction",
    reversalMissing: "Time reversal was not computed.",
  },

  model: {
    lead: "Every coupling value is read from a multivariate autoregressive (MVAR) model: each sample of each channel is predicted from the last samples of all channels. If the model does not fit, nothing that follows from it holds.",
    table: "The model in each condition",
    rows: {
      status: ["Status", "must be ok"],
      order: ["Order (how many past samples the model looks at)", "from the pooled data, same everywhere"],
      solver: ["Fitted by", "the same in all conditions"],
      observations: ["Samples the fit rests on", "the more, the lower the chance level"],
      radius: ["Spectral radius (does the model settle?)", "below 1"],
      ratio: ["Parameters per sample, K²p/N", "at most 1, advised below 0.1"],
      whiteness: ["Whiteness: is structure left in the residuals?", "p above .05 means none was found"],
      consistency: ["Consistency: share of the data's correlations that the model reproduces", "above 0.8"],
      rSquared: ["R² per channel (share of variance predicted)", "lowest to highest"],
      durbinWatson: [
        "Durbin–Watson per channel (leftover one-step correlation)",
        "near 2; below 1 or above 3 is bad",
      ],
      cross: [
        "Largest same-instant correlation of residuals across heads [95 % interval]",
        "near 0; otherwise a common source (mains, ground, clock, stimulus) reaches both",
      ],
      stationarity: [
        "Stationarity: windows and channels whose level does not drift (KPSS at .05)",
        "near 95 %; slow waves lower it too, below 50 % look for drift",
      ],
    } as const,
    goal: "What to look for",
    solvers: {
      cholesky: "least squares (normal equations)",
      refined: "least squares (normal equations, refined on the data)",
      qr: "least squares (QR of the data)",
    } as Readonly<Record<string, string>>,
    doNotUse: "numbers are not to be used",
    verdicts: "In words",
    noVerdicts: "No verdict was passed on this model.",
    order: "Choosing the order",
    orderCaption:
      "Each line is one criterion that weighs fit against the number of parameters, drawn as its distance from its own best value; the mark is its best order, the upright line the order that was used. Lower is better.",
    orderAxis: "Model order (samples)",
    criterionAxis: "Above the best",
    noOrders: "Orders were not compared.",
    sensitivity: "Does the value depend on the order?",
    sensitivityLead: "The same value with other orders. The star marks the order that was used.",
    noSensitivity: "Other orders were not tried.",
  },

  other: {
    lead: "Computed on the same windows and without a null of their own: to be seen beside the main measure, not in place of it. Nothing is conducted from one head to the other, so measures that leave out what happens at once (zero lag) have no advantage here and may miss true synchrony; a shared stimulus reaches all of them.",
    none: "No other measure was computed.",
    directed: "From the same model, with a direction",
    undirected: "Without a direction",
  },

  events: {
    lead: "Coupling in windows of 300 ms that slide over moments around a shift of gaze, with all such moments pooled and the mean response to the event taken out of every channel. A small p says that coupling at that time exceeds what moments that do not belong together show; it does not say that the event caused it. It is corrected for all times, not for directions, bands and kinds of event. Saccade artefacts (−50 to +150 ms) were not excluded. The published result is a null: in 55 dyads synchrony between the brains did not rise at gaze onset (Marriott Haresign and colleagues, 2023).",
    riseHeading: "Does coupling rise after the event?",
    riseMeaning:
      "Whether coupling rises is asked besides: the difference from the same line's mean before the event (windows centred −0.7 to −0.5 s, the baseline) is compared with the same difference around as many random moments without such an event. Strong coupling in one direction makes the other direction's rise significant a little too often.",
    rise: "more than around random moments at",
    noRise: "never more than around random moments",
    riseUntested: "not tested, because the recording has too few clean random moments without such an event",
    caption: (alpha: string) =>
      `Zero is the event. The thick line is the coupling in windows centred at that time; the dashed line is the mean under the null and the shaded area reaches up to the null's upper limit. Marks are times where it is above chance after allowing for all times that were looked at (family-wise p below ${alpha}). Open triangles at the top are times where the rise above the baseline (the mean of the windows centred −0.7 to −0.5 s) is larger than around random moments (same level).`,
    off: "Event-locked coupling was switched off in the settings.",
    none: "No event was frequent enough for an event-locked picture.",
    time: "Time from the event (s)",
    numbers: "Numbers of this picture",
  },

  power: {
    lead: "Coupling can change only because a signal became stronger or more rhythmic. Compare the power before comparing the coupling: a ratio far from 1 is a warning.",
    table: "Power (µV²) per person and band; in brackets the ratio to the first reported condition",
    none: "Power was not computed.",
  },

  recording: {
    table: "Streams",
    gaps: "Gaps in the streams",
    noGaps: "No stream has a gap.",
    damage: "Damage in the file",
    noDamage: "The file is undamaged as far as its reader can tell.",
    note: "Offset: what is added to the stream's own clock to reach session time. Drift: how fast the offset grows, in parts per million (1 ppm is 3.6 ms an hour); + means that the stream's clock runs slower than the session clock. Effective rate: samples counted against session time.",
  },

  provenance: {
    alignment: {
      causal: "causal: clocks as a live session knew them at each moment",
      offline: "offline: clocks fitted over the whole file",
    },
    filterPhase: {
      causal: "causal: no sample is influenced by a later one",
      "zero-phase": "zero-phase: filtered forwards and backwards, so a sample carries a trace of later ones",
    },
    settings: "All settings",
    inputs: "Input files",
    noInputs: "No input file is named.",
    montage: "Channels in model order",
    rerun:
      "The same input, settings, seed and version give the same numbers and the same bytes of this report.",
  },

  footer:
    "A research instrument. It does not diagnose, and it does not measure attention, emotion or the quality of a relationship.",
} as const;
