/** How a cell looks: one of these, with or without `REVERSED`. */
export const style = {
  plain: 0,
  dim: 1,
  strong: 2,
  good: 3,
  warning: 4,
  bad: 5,
  critical: 6,
  accent: 7,
  link: 8,
} as const;

export type Style = number;

/** Added to a style: foreground and background change places. */
export const REVERSED = 16;

/**
 * The terminal's own sixteen colours, so that its theme decides what is readable. Without colours the grave ones are
 * bold; no meaning is told by colour alone.
 */
const colours: readonly string[] = ["", "2", "1", "32", "33", "31", "1;31", "36", "34"];
const plainLooks: readonly string[] = ["", "2", "1", "", "1", "1", "1", "", ""];

/** The escape sequence of each style, by its number. */
export function sequences(withColour: boolean): readonly string[] {
  const looks = withColour ? colours : plainLooks;
  return Array.from({ length: REVERSED * 2 }, (_, number) => {
    const look = looks[number % REVERSED] ?? "";
    return `\x1b[0${look === "" ? "" : `;${look}`}${number >= REVERSED ? ";7" : ""}m`;
  });
}
