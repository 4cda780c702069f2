interface Props {
  readonly className?: string | undefined;
}

/** The mark: a pair of scales at rest. One horizontal line that everything hangs from. */
export function RestingScales({ className }: Props) {
  return (
    <svg
      viewBox="0 0 96 64"
      className={className}
      fill="none"
      stroke="currentColor"
      strokeLinecap="round"
      aria-hidden="true"
    >
      <circle cx="48" cy="6" r="3.5" strokeWidth="2.5" />
      <path d="M48 10v8" strokeWidth="2.5" />
      <path d="M6 19.5 48 17l42 2.5-42 2.5z" fill="currentColor" strokeWidth="2" strokeLinejoin="round" />
      <path d="M48 22v9" strokeWidth="1.75" />
      <path d="M17 21 6 45M17 21l11 24M79 21 68 45M79 21l11 24" strokeWidth="1.75" />
      <path
        d="M4 45h26c-1.5 7-7 10.5-13 10.5S5.5 52 4 45zM66 45h26c-1.5 7-7 10.5-13 10.5S67.5 52 66 45z"
        fill="currentColor"
        strokeWidth="1.75"
        strokeLinejoin="round"
      />
    </svg>
  );
}
