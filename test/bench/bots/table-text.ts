/** A table for people: the first column wide and left, the others right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  return rows.map((cells) => cells.map((cell, i) => (i === 0 ? cell.padEnd(22) : cell.padStart(11))).join("")).join("\n");
}

export const share = (value: number): string => value.toFixed(3);
