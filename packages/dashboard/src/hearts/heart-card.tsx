import type { HeartOfPerson } from "@attune/wire/page";
import { Icon } from "../parts/icon.tsx";
import type { Tone } from "../parts/tone.ts";
import { heartsText } from "../texts/hearts.ts";
import { clockText } from "../traces/session-zero.ts";
import { MARKS, type RsaAt, type Trust } from "./read-hearts.ts";

interface Props {
  readonly heart: HeartOfPerson;
  readonly name: string;
  readonly tone: Tone;
  readonly trust: Trust;
  readonly rsa: RsaAt | undefined;
  /** Session time of what is shown, and the one that is called 0:00. */
  readonly now: number;
  readonly zero: number;
}

/** One heart now: how fast, how well it is known, how it follows breathing; grey with the reason where it must not be read. */
export function HeartCard({ heart, name, tone, trust, rsa, now, zero }: Props) {
  const { rate, signalQuality, coverage, correctedShare, rmssd, respiration } = heart;
  const share = (value: number | null): string =>
    value === null ? heartsText.unknown : heartsText.percent(value);
  return (
    <article class="heart-card" data-person={heart.person} data-trust={trust.kind} data-tone={tone}>
      <h4>
        <PersonMark tone={tone} /> {name}
      </h4>
      <p class="heart-rate">
        {rate === null ? (
          <strong class="heart-none" data-number="rate">
            {trust.kind === "learning" ? heartsText.tooEarly : heartsText.noValue}
          </strong>
        ) : (
          <>
            <strong data-number="rate">{rate.toFixed(0)}</strong> <span>{heartsText.unit}</span>
          </>
        )}
      </p>
      <p class="heart-trust">{reasonOf(trust)}</p>
      <p class="hearts-detail" data-number="status">
        {heart.statusAt === null
          ? heartsText.statusUnknown
          : heartsText.status(
              signalQuality === null ? heartsText.unknown : (100 * signalQuality).toFixed(0),
              share(coverage),
              share(correctedShare),
            )}
      </p>
      <dl class="heart-values">
        <div>
          <dt>{heartsText.rsa}</dt>
          <dd data-number="rsa">
            {rsa === undefined ? (
              heartsText.tooEarly
            ) : rsa.value === null ? (
              heartsText.noValue
            ) : (
              <>
                <b class="heart-value">{number(rsa.value)}</b> {heartsText.rsaUnit}
              </>
            )}
            <small>
              {rsa === undefined
                ? heartsText.rsaEarly
                : rsa.value === null
                  ? heartsText.rsaUnknown(clockText(rsa.at - zero))
                  : heartsText.rsaAt(clockText(rsa.at - zero), heartsText.seconds(now - rsa.at))}
            </small>
          </dd>
        </div>
        <div>
          <dt>{heartsText.rmssd}</dt>
          <dd data-number="rmssd">
            {rmssd === null ? (
              heartsText.tooEarly
            ) : rmssd.value === null ? (
              heartsText.noValue
            ) : (
              <b class="heart-value">{number(rmssd.value)}</b>
            )}
            <small>{heartsText.rmssdHint}</small>
          </dd>
        </div>
        {respiration !== undefined && respiration !== null && (
          <div>
            <dt>{heartsText.breathing}</dt>
            <dd data-number="respiration">
              {respiration.rate === null ? (
                heartsText.noValue
              ) : (
                <>
                  <b class="heart-value">{respiration.rate.toFixed(0)}</b> {heartsText.breathingUnit}
                </>
              )}
              {respiration.isOutsideBand && (
                <strong class="heart-flag">
                  <Icon name="warning" size={14} />
                  {heartsText.outsideBand(respiration.bandLow, respiration.bandHigh)}
                </strong>
              )}
            </dd>
          </div>
        )}
      </dl>
    </article>
  );
}

const number = (value: number): string => value.toFixed(2).replace("-", "−");

/** Circle, square, triangle or diamond in the person's colour. */
export const PersonMark = ({ tone }: { tone: Tone }) => (
  <span class="hearts-mark" data-mark={MARKS[tone]} data-tone={tone} aria-hidden="true" />
);

function reasonOf(trust: Trust): string {
  const { reasons } = heartsText;
  switch (trust.kind) {
    case "trusted":
      return heartsText.trusted;
    case "silent":
      return reasons.silent(heartsText.seconds(trust.seconds));
    case "uncovered":
      return reasons.uncovered(heartsText.percent(trust.share));
    case "corrected":
      return reasons.corrected(heartsText.percent(trust.share), heartsText.percent(trust.most));
    default:
      return reasons[trust.kind];
  }
}
