import { OddwireError } from "#app/errors.ts";

/** `1x`, `16`, `0.5x`, `max` as a factor. */
export function speedOf(text = "1x"): number {
  if (text === "max") return Number.POSITIVE_INFINITY;
  const factor = Number(text.replace(/x$/, ""));
  if (!(factor > 0) || factor > 1e6) throw new OddwireError("ODW_USAGE", { cause: `--speed ${text} is no factor: write 1x, 16x or max` });
  return factor;
}
