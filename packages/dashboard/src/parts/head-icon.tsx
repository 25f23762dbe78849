import type { Hello } from "@attune/wire/page";

type Role = Hello["people"][number]["role"];

/** An adult has a neck and hair, an infant a round head, a curl and ears: told apart without their colours. */
export function HeadIcon({ role, size = 40 }: { role: Role | undefined; size?: number }) {
  return (
    <svg
      class="head-icon"
      width={size}
      height={size}
      viewBox="0 0 48 48"
      aria-hidden="true"
      focusable="false"
    >
      {role === "adult" || role === undefined ? (
        <g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round">
          <path d="M6 46c1-8 6-11 12-12v-3h12v3c6 1 11 4 12 12z" fill="currentColor" fill-opacity=".22" />
          <ellipse cx="24" cy="20" rx="11" ry="14" fill="currentColor" fill-opacity=".22" />
          <path d="M13 17c2-5 7-3 11-6 3 3 8 2 11 6" />
          <path d="M19.5 21.500v.5M28.5 21.500v.5M20 28c2.5 1.8 5.5 1.8 8 0" />
        </g>
      ) : (
        <g fill="none" stroke="currentColor" stroke-width="2.5" stroke-linecap="round">
          <circle cx="24" cy="26" r="16" fill="currentColor" fill-opacity=".22" />
          <path d="M24 10c-1-4 3-7 6-4 2 2 0 5-2 4" />
          <path d="M7.5 24c-4 0-4 6 .5 6.500M40.5 24c4 0 4 6-.5 6.5" />
          <path d="M18 26v.5M30 26v.5M19.5 33c3 2.2 6 2.2 9 0" />
        </g>
      )}
    </svg>
  );
}
