const paths = {
  pause: "M7 5v14M17 5v14",
  play: "M7 5l11 7-11 7z",
  sun: "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8M12 2v2M12 20v2M2 12h2M20 12h2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
  moon: "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
  auto: "M12 3a9 9 0 1 0 0 18zM12 3a9 9 0 0 1 0 18",
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14M16 16l4.5 4.5",
  close: "M6 6l12 12M18 6L6 18",
  copy: "M9 9h11v11H9zM5 15H4V4h11v1",
  check: "M5 12.5l4.5 4.5L19 7",
  overview: "M4 13h6V4H4zM14 20h6V4h-6zM4 20h6v-3H4z",
  flows: "M4 8h13l-3-3M20 16H7l3 3",
  events: "M5 6h14M5 12h14M5 18h9",
  players: "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20a7.5 7.5 0 0 1 15 0",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5",
  note: "M5 4h14v11l-5 5H5zM14 20v-5h5M8 9h8M8 13h4",
  back: "M19 12H5M11 6l-6 6 6 6",
  findings: "M12 3L2.5 20h19zM12 9.5v5M12 17.3v.1",
  health: "M3 12h4l3-8 4 16 3-8h4",
  rules: "M4 6h2M4 12h2M4 18h2M9 6h11M9 12h11M9 18h7",
  suricata: "M12 3l8 3v6c0 4.5-3.2 7.6-8 9-4.8-1.4-8-4.5-8-9V6z",
  upload: "M12 16V4M7 9l5-5 5 5M4 20h16",
  help: "M9 9a3 3 0 1 1 4.2 2.7c-.8.4-1.2 1-1.2 2.3M12 17.5v.1",
  reload: "M19 6v5h-5M5 18v-5h5M6 10a7 7 0 0 1 12-2l1 3M18 14a7 7 0 0 1-12 2l-1-3",
} as const;

export type IconName = keyof typeof paths;

/** A line drawing in the colour of the text. It says nothing by itself: the label stands beside it or on the button. */
export function Icon({ name, size = 16 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.8"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={paths[name]} />
    </svg>
  );
}
