import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { texts } from "../texts/texts.ts";
import { Icon } from "./icon.tsx";

export interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ComponentChildren;
  readonly isWide?: boolean;
}

/** Over the page, with the focus inside until it is closed; the rest is out of reach meanwhile. */
export function Dialog({ title, onClose, children, isWide = false }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const label = useId();
  useEffect(() => {
    const before = document.activeElement;
    ref.current?.showModal();
    return () => {
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref}
      class={`dialog${isWide ? " is-wide" : ""}`}
      aria-labelledby={label}
      // At once: the event of a closed dialog comes a task later, and the key after Escape would be taken for one of the dialog.
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClose={onClose}
    >
      <header class="dialog-head">
        <h2 id={label}>{title}</h2>
        <button type="button" class="icon-button" aria-label={texts.close} onClick={onClose}>
          <svg class="icon" width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M5 5l14 14M19 5L5 19" stroke="currentColor" stroke-width="2.4" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      <div class="dialog-body">{children}</div>
    </dialog>
  );
}

/** A mark and a word: never a colour alone. */
export function Verdict({ level, word }: { level: "good" | "caution" | "alarm" | "unknown"; word: string }) {
  const icon = { good: "check", caution: "warning", alarm: "stop", unknown: "circle" } as const;
  return (
    <span class={`verdict is-${level}`}>
      <Icon name={icon[level]} size={16} />
      <span>{word}</span>
    </span>
  );
}
