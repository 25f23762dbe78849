import type { HeartOfPerson, Hearts } from "@attune/wire/page";

/** Hearts of the made-up session: false, missed and premature beats, a lost electrode, windows without a value. */

type Interval = HeartOfPerson["intervals"][number];
const KEPT_SECONDS = 120;
/** Seconds of the story in which the infant's electrode is off. */
const OFF = [318, 331] as const;

function intervalsOf(from: number, to: number, mean: number, isInfant: boolean): Interval[] {
  const rows: Interval[] = [];
  let at = 0;
  for (let n = 0; at < to; n++) {
    const interval = mean * (1 + 0.05 * Math.sin(0.21 * at) + 0.03 * Math.sin((1300 / mean) * at));
    at += interval / 1000;
    if (at < from) continue;
    if (isInfant && at > OFF[0] && at < OFF[1]) {
      if (rows.at(-1)?.verdict !== "missing")
        rows.push({ at: OFF[1], interval: null, verdict: "missing", corrected: null });
    } else if (n % 97 === 40)
      rows.push({ at, interval: interval * 0.6, verdict: "ectopic", corrected: interval });
    else if (n % 89 === 60) {
      at += interval / 1000;
      rows.push({ at, interval: 2 * interval, verdict: "missed", corrected: interval });
    } else if (n % 83 === 20) rows.push({ at, interval, verdict: "merged", corrected: interval });
    else if (n % 131 === 70) rows.push({ at, interval: interval * 0.5, verdict: "short", corrected: null });
    else rows.push({ at, interval, verdict: "ok", corrected: interval });
  }
  return rows.filter((row) => row.at <= to);
}

function covariationsOf(from: number, to: number): Hearts["covariations"] {
  const windows: Hearts["covariations"] = [];
  for (let start = 20; start + 32 < to; start += 10) {
    const isKnown = start + 30 < OFF[0] || start > OFF[1];
    const nNull = Math.max(0, start / 10 - 4);
    windows.push({
      measure: "wlcc-mean-z-ibi-1hz-lag-3s",
      series: "interbeat-interval",
      from: "adult",
      to: "infant",
      start: from + start,
      end: from + start + 30,
      nValid: isKnown ? 30 : 17,
      coverage: isKnown ? 1 : 17 / 30,
      z: isKnown ? 0.15 + 0.3 * Math.sin(start / 37) : null,
      lagSeconds: isKnown ? 2 : null,
      lead: isKnown ? "adult leads infant by 2 s" : "no lag",
      nullPercentile: isKnown && nNull >= 20 ? 0.5 + 0.49 * Math.sin(start / 37) : null,
      nNull,
    });
  }
  return windows;
}

/** @param from beginning of the story on the session clock */
export function storyHearts(from: number, now: number): Hearts {
  const to = now - from;
  const heart = (person: string, mean: number): HeartOfPerson => {
    const isInfant = person === "infant";
    const isOff = isInfant && to > OFF[0] && to < OFF[1];
    const centre = Math.floor(to - (isInfant ? 17.4 : 19.8));
    const rsaTrend = Array.from({ length: KEPT_SECONDS }, (_, k) => centre - KEPT_SECONDS + 1 + k)
      .filter((at) => at > 10)
      .map((at) => ({
        at: from + at,
        value:
          isInfant && at > OFF[0] - 4 && at < OFF[1] + 4
            ? null
            : (isInfant ? 3 : 5.4) + 0.6 * Math.sin(at / 19 + mean),
      }));
    return {
      person,
      statusAt: now - 1,
      rate: isOff ? null : 60_000 / mean,
      signalQuality: isOff ? 0 : 0.96,
      coverage: isOff ? 0.4 : 1,
      correctedShare: 0.04,
      rsa: rsaTrend.at(-1) ?? null,
      rmssd: isOff ? { at: now, value: null } : { at: now, value: isInfant ? 2.1 : 3.4 },
      rsaTrend,
      intervals: intervalsOf(to - KEPT_SECONDS, to, mean, isInfant).map((row) => ({
        ...row,
        at: from + row.at,
      })),
    };
  };
  const covariations = covariationsOf(from, to);
  const known = covariations.filter(({ z }) => z !== null);
  return {
    kind: "hearts",
    at: now,
    isWhole: true,
    people: [heart("adult", 840), heart("infant", 455)],
    covariations,
    totals: [
      {
        measure: "wlcc-mean-z-ibi-1hz-lag-3s",
        from: "adult",
        to: "infant",
        nWindows: covariations.length,
        nWithoutValue: covariations.length - known.length,
        byLayer: [
          {
            person: "adult",
            layer: "gaze",
            mixed: { n: 2, mean: 0.11, variance: 0.02 },
            states: [
              {
                state: "direct",
                inside: { n: 14, mean: 0.31, variance: 0.04 },
                outside: { n: 9, mean: 0.12, variance: 0.03 },
                difference: 0.19,
                hedgesG: 0.98,
              },
              {
                state: "averted",
                inside: { n: 2, mean: 0.12, variance: 0.01 },
                outside: { n: 20, mean: 0.3, variance: 0.04 },
                difference: null,
                hedgesG: null,
              },
            ],
          },
        ],
      },
    ],
    turns: [],
  };
}
