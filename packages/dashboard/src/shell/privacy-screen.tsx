import { useEffect, useRef, useState } from "preact/hooks";
import { keyCap } from "../texts/format.ts";
import { texts } from "../texts/texts.ts";
import type { PageModel } from "./page-model.ts";

const timeOfDay = (): string =>
  new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });

/** A clock, as any tablet shows one. Behind it everything goes on, also coding. */
export function PrivacyScreen({ page }: { page: PageModel }) {
  const ref = useRef<HTMLButtonElement>(null);
  const [time, setTime] = useState(timeOfDay);
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.focus();
    const timer = setInterval(() => setTime(timeOfDay()), 1000);
    return () => {
      clearInterval(timer);
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  const key = page.keyOf("privacy");
  return (
    <main class="privacy" aria-label={texts.privacy.label}>
      <time class="privacy-clock">{time}</time>
      <button
        ref={ref}
        type="button"
        class="privacy-back"
        onClick={() => {
          page.isPrivate.value = false;
        }}
      >
        {texts.privacy.back}
        {key !== undefined && ` (${keyCap(key)})`}
      </button>
    </main>
  );
}
