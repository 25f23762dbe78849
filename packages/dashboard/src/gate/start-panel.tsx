import { useRef, useState } from "preact/hooks";
import { Verdict } from "../parts/dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import type { PageModel } from "../shell/page-model.ts";
import { readable } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import {
  checkKey,
  type Gate,
  type GateCheck,
  type GateGroup,
  gateOf,
  groupChecks,
  isReason,
  type Missing,
} from "./gate-groups.ts";
import { PeopleTaps, withoutTap } from "./people-taps.tsx";

const LEVELS = { green: "good", amber: "caution", red: "alarm" } as const;

/** What stands between the signals and the recording: every check, and a reason for what is begun in spite of. */
export function StartPanel({ page }: { page: PageModel }) {
  const { session, reasons, beginRefusal } = page;
  const root = useRef<HTMLDivElement>(null);
  const [asked, setAsked] = useState<Missing | undefined>(undefined);
  const checks = session.checks.value;
  const gate = gateOf(checks, reasons.value);
  const isWriter = page.isWriter.value;
  const [isBeginning, setBeginning] = useState(false);
  /** Known before the page is drawn again: quick clicks are one. */
  const isBusy = useRef(false);
  const count = (verdict: GateCheck["verdict"]) =>
    checks?.checks.filter((each) => each.verdict === verdict).length ?? 0;
  const begin = async () => {
    if (isBusy.current) return;
    beginRefusal.value = "";
    setAsked(gate.missing);
    if (gate.missing !== undefined) fieldOf(root.current, gate.missing)?.focus();
    if (!gate.isOpen) return;
    isBusy.current = true;
    setBeginning(true);
    const { ok, message } = await session.send({ do: "begin", overrides: gate.overrides });
    // A session that begins takes this panel away.
    if (ok) return;
    beginRefusal.value = message;
    isBusy.current = false;
    setBeginning(false);
  };
  const untapped = withoutTap(page);
  const nAmber = count("amber");
  const isReserved = gate.isOpen && (untapped.length > 0 || gate.overrides.length > 0 || nAmber > 0);
  const isAskedStill = asked !== undefined && !gate.isOpen && isSame(asked, gate.missing);
  const complaint = isAskedStill ? askedText(asked) : beginRefusal.value;
  return (
    <div class="gate" ref={root}>
      <header class="gate-head">
        <h2>{texts.gate.title}</h2>
        {checks !== undefined && (
          <p class="gate-counts">
            {(["red", "amber", "green"] as const).map((verdict) => (
              <span key={verdict} class={count(verdict) === 0 ? "is-none" : ""}>
                <Verdict level={LEVELS[verdict]} word={`${count(verdict)}`} />
              </span>
            ))}
            <span class="visually-hidden">
              {texts.gate.counts(count("red"), count("amber"), count("green"))}
            </span>
          </p>
        )}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached with the keyboard */}
      <section class="gate-checks scroll" tabIndex={0} aria-label={texts.gate.title}>
        <PeopleTaps page={page} />
        {groupChecks(checks?.checks ?? []).map((each) => (
          <Group key={each.group} group={each.group} checks={each.checks} page={page} />
        ))}
      </section>
      <footer class="gate-foot">
        <p
          id="gate-status"
          class={`gate-status${gate.isOpen ? " is-open" : ""}${isReserved ? " is-reserved" : ""}`}
          role="status"
        >
          <Icon name={!gate.isOpen ? "stop" : isReserved ? "warning" : "check-circle"} size={18} />
          {checks === undefined ? texts.gate.waiting : statusOf(gate, untapped, nAmber)}
        </p>
        <p class="refusal gate-refusal" role="alert">
          {complaint}
        </p>
        {isWriter ? (
          <button
            type="button"
            class="button is-begin"
            aria-disabled={!gate.isOpen || isBeginning}
            aria-busy={isBeginning}
            aria-describedby="gate-status"
            onClick={begin}
          >
            <Icon name="record" size={22} />
            {isBeginning ? texts.gate.beginning : texts.gate.begin}
          </button>
        ) : (
          <p class="hint">{texts.gate.observer}</p>
        )}
      </footer>
    </div>
  );
}

function statusOf(gate: Gate, untapped: readonly string[], nAmber: number): string {
  if (!gate.isOpen) return texts.gate.notYet(texts.gate.missing(gate.nReasons, gate.nTaps));
  const said = [
    ...(gate.overrides.length > 0 ? [texts.gate.overridden(gate.overrides.length)] : []),
    ...(untapped.length > 0 ? [texts.gate.untapped(untapped.join(", "))] : []),
  ];
  if (said.length > 0) return said.join(" ");
  return nAmber > 0 ? texts.gate.amber(nAmber) : texts.gate.ready;
}

const askedText = (missing: Missing): string =>
  missing.kind === "tap"
    ? texts.gate.tapFirst(missing.person)
    : texts.gate.reasonFirst(readable(missing.check), missing.about);

const isSame = (a: Missing, b: Missing | undefined): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Where what is missing can be given. */
function fieldOf(root: HTMLElement | null, missing: Missing): HTMLElement | undefined {
  const key = missing.kind === "tap" ? `tap\n${missing.person}` : checkKey(missing);
  return [...(root?.querySelectorAll<HTMLElement>("[data-missing]") ?? [])].find(
    (each) => each.dataset.missing === key,
  );
}

interface GroupProps {
  readonly group: GateGroup;
  readonly checks: readonly GateCheck[];
  readonly page: PageModel;
}

/** Troubles stand open; what is in order is one line that can be opened. */
function Group({ group, checks, page }: GroupProps) {
  const troubles = checks.filter(({ verdict }) => verdict !== "green");
  const passed = checks.filter(({ verdict }) => verdict === "green");
  troubles.sort((a, b) => Number(b.verdict === "red") - Number(a.verdict === "red"));
  return (
    <section class="gate-group" aria-label={texts.gate.groups[group]}>
      <h3>{texts.gate.groups[group]}</h3>
      {troubles.length > 0 && (
        <ul class="check-list">
          {troubles.map((check) => (
            <CheckLine key={checkKey(check)} check={check} page={page} />
          ))}
        </ul>
      )}
      {passed.length > 0 && (
        <details class="passed">
          <summary>
            <Verdict level="good" word={texts.gate.nGreen(passed.length)} />
          </summary>
          <ul class="check-list is-passed">
            {passed.map((check) => (
              <CheckLine key={checkKey(check)} check={check} page={page} />
            ))}
          </ul>
        </details>
      )}
    </section>
  );
}

function CheckLine({ check, page }: { check: GateCheck; page: PageModel }) {
  const key = checkKey(check);
  const reason = page.reasons.value.get(key) ?? "";
  const label = texts.gate.reason(readable(check.check), check.about);
  return (
    <li class={`check is-${check.verdict}`} data-check={check.check} data-verdict={check.verdict}>
      <Verdict level={LEVELS[check.verdict]} word={texts.gate.verdicts[check.verdict]} />
      <div class="check-body">
        <p class="check-what">
          <b>{readable(check.check)}</b> <span class="check-about">{check.about}</span>
        </p>
        <p class="check-message">{check.message}</p>
        {check.verdict === "red" && page.isWriter.value && (
          <input
            type="text"
            class={`reason${isReason(reason) ? " is-given" : ""}`}
            data-missing={key}
            aria-label={label}
            placeholder={texts.gate.reasonHint}
            maxLength={500}
            value={reason}
            onInput={({ currentTarget }) => page.giveReason(key, currentTarget.value)}
          />
        )}
      </div>
    </li>
  );
}
