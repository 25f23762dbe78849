/** Outlines of 24 by 24; drawn in the colour of the text. A word always stands beside one, or the control has a label. */
const PATHS = {
  record: <circle cx="12" cy="12" r="8" fill="currentColor" stroke="none" />,
  pause: <path d="M8 4.5v15M16 4.5v15" stroke-width="5" stroke-linecap="butt" />,
  eye: (
    <>
      <path d="M1.8 12C4.5 7 8 4.8 12 4.8S19.5 7 22.2 12c-2.7 5-6.2 7.2-10.2 7.200S4.5 17 1.8 12z" />
      <circle cx="12" cy="12" r="3.2" fill="currentColor" stroke="none" />
    </>
  ),
  circle: <circle cx="12" cy="12" r="8" />,
  check: <path d="M4.5 12.800l4.8 4.800L19.5 6.8" stroke-width="2.8" />,
  unknown: (
    <>
      <path
        d="M7.500 9c0-2.800 2-4.500 4.500-4.500s4.500 1.600 4.500 4c0 3.200-4.500 3.400-4.500 6.500"
        stroke-width="3"
      />
      <circle cx="12" cy="19.5" r="1.700" fill="currentColor" stroke="none" />
    </>
  ),
  "check-circle": (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M7.7 12.500l3 3 5.6-6.3" />
    </>
  ),
  warning: (
    <>
      <path d="M12 3.200L22 20.500H2z" />
      <path d="M12 9.500v5" stroke-width="2.6" />
      <circle cx="12" cy="17.5" r="1.4" fill="currentColor" stroke="none" />
    </>
  ),
  stop: (
    <>
      <path d="M8 2.500h8l5.5 5.500v8L16 21.500H8L2.5 16V8z" />
      <path d="M8 12h8" stroke-width="3" />
    </>
  ),
  info: (
    <>
      <circle cx="12" cy="12" r="9" />
      <path d="M12 11v6" />
      <circle cx="12" cy="7.5" r="1.3" fill="currentColor" stroke="none" />
    </>
  ),
  unplugged: (
    <>
      <path d="M3 3l18 18" stroke-width="2.6" />
      <path d="M8 5.500V2.500M16 5.500V2.500M18.5 9v2.500a6.5 6.5 0 0 1-1 3.400M14.5 17.500a6.5 6.5 0 0 1-9-6V9h3M12 18v4M11.5 9h7.5" />
    </>
  ),
  history: (
    <>
      <path d="M3.5 12a8.5 8.5 0 1 0 2.8-6.300L3.5 8.3" />
      <path d="M3.5 3.500v4.800h4.800M12 7.500V12l3.2 2" />
    </>
  ),
  play: <path d="M7 4.500l12 7.5-12 7.500z" fill="currentColor" />,
  square: <rect x="6" y="6" width="12" height="12" fill="currentColor" />,
  previous: <path d="M18 5.500L9 12l9 6.500zM6 5v14" fill="currentColor" />,
  next: <path d="M6 5.500L15 12l-9 6.500zM18 5v14" fill="currentColor" />,
  keyboard: (
    <>
      <rect x="2" y="6" width="20" height="12" rx="2" />
      <path d="M6 10h.5M10 10h.5M14 10h.5M18 10h.5M7.5 14h9" />
    </>
  ),
  sun: (
    <>
      <circle cx="12" cy="12" r="4.2" />
      <path d="M12 2v2.500M12 19.500V22M2 12h2.500M19.5 12H22M4.9 4.900l1.8 1.800M17.3 17.300l1.8 1.800M4.9 19.100l1.8-1.800M17.3 6.700l1.8-1.8" />
    </>
  ),
  moon: <path d="M20 14.300A8.5 8.5 0 0 1 9.7 4 8.5 8.5 0 1 0 20 14.300z" />,
  sound: (
    <>
      <path d="M4 14v-3a8 8 0 0 1 16 0v3" />
      <rect x="2.8" y="13.5" width="4.5" height="7" rx="1.5" />
      <rect x="16.7" y="13.5" width="4.5" height="7" rx="1.5" />
    </>
  ),
  muted: (
    <>
      <path d="M4 14v-3a8 8 0 0 1 16 0v3" />
      <rect x="2.8" y="13.5" width="4.5" height="7" rx="1.5" />
      <rect x="16.7" y="13.5" width="4.5" height="7" rx="1.5" />
      <path d="M3 3l18 18" stroke-width="2.6" />
    </>
  ),
  hide: (
    <>
      <path d="M3 3l18 18" stroke-width="2.4" />
      <path d="M9.5 5.200A10 10 0 0 1 12 4.800c4 0 7.5 2.2 10.2 7.200a17 17 0 0 1-3 4M6 7.300A16 16 0 0 0 1.8 12C4.5 17 8 19.2 12 19.200a10 10 0 0 0 4.5-1" />
    </>
  ),
  person: (
    <>
      <circle cx="12" cy="7.5" r="4.5" />
      <path d="M3.5 21.500c0-5 3.5-7.5 8.5-7.500s8.5 2.5 8.5 7.5" />
    </>
  ),
  panel: (
    <>
      <rect x="2.5" y="4" width="19" height="16" rx="2" />
      <path d="M15 4v16" />
    </>
  ),
  timeline: <path d="M2.5 20.5h19M4 15.5h7M13 15.5h7M4 10.500h3M9.5 10.500h10.500M4 5.500h10M17 5.500h3" />,
  undo: <path d="M8.5 4L4 8.5 8.5 13M4 8.500h10a6 6 0 0 1 0 12H9" />,
  flag: <path d="M5 22V3M5 4h13l-3 4.5 3 4.500H5" />,
  door: <path d="M5 21.500V3h11v18.500M3 21.500h18M12.5 12.500v.5" />,
} as const;

export type IconName = keyof typeof PATHS;

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg
      class="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {PATHS[name]}
    </svg>
  );
}
