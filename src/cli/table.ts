/** A column of a table for people. */
export interface TableColumn {
  readonly title: string;
  /** Numbers stand at the right, so that their digits can be compared. */
  readonly right: boolean;
}

/** Narrowest that a column is made to fit a terminal. */
const widthMin = 8;
const gap = 2;

/**
 * Rows under titles, aligned. `widthMax` is the terminal's; the widest columns are cut to fit, with an ellipsis. Without
 * it nothing is cut.
 */
export function tableText(columns: readonly TableColumn[], rows: readonly (readonly string[])[], widthMax?: number): string {
  const shown = rows.map((row) => row.map(harmless));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...shown.map((row) => (row[i] ?? "").length)));
  if (widthMax !== undefined) narrow(widths, widthMax);
  const line = (cells: readonly string[]): string =>
    cells
      .map((text, i) => aligned(text, widths[i] as number, columns[i]?.right === true))
      .join(" ".repeat(gap))
      .trimEnd();
  return [columns.map(({ title }) => title), ...shown].map((cells) => `${line(cells)}\n`).join("");
}

/** Strangers choose what is in a DNS name or a header: nothing that steers a terminal gets through. */
export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·");

function aligned(text: string, width: number, right: boolean): string {
  const cut = text.length > width ? `${text.slice(0, width - 1)}…` : text;
  return right ? cut.padStart(width) : cut.padEnd(width);
}

/** Takes from the widest column until the line fits, or all are at their narrowest. */
function narrow(widths: number[], widthMax: number): void {
  let excess = widths.reduce((sum, width) => sum + width, (widths.length - 1) * gap) - widthMax;
  while (excess > 0) {
    const widest = Math.max(...widths);
    if (widest <= widthMin) return;
    const place = widths.lastIndexOf(widest);
    widths[place] = widest - 1;
    excess--;
  }
}
