import { parseTime } from "#base/time.ts";

/**
 * Reads what rules compare the times of certificates with: `>2026-01-31`, `<2026-01-31T12:00:00`, `2025<>2026`. Parts
 * that are left out are the earliest ones.
 */
export function readTime(argument: string): ((value: unknown) => boolean) | string {
  const [, operator = "", first = "", second] = /^\s*([<>]?)\s*([\d:T-]+)\s*(?:<>\s*([\d:T-]+)\s*)?$/.exec(argument) ?? [];
  const [low, high] = [timeOf(first), second === undefined ? undefined : timeOf(second)];
  if (low === undefined || (second !== undefined && (high === undefined || operator !== "")))
    return "it takes a time as 2026-01-31T12:00:00, or its beginning, behind < or >, or two with <> between them";
  return (value) => {
    const time = typeof value === "string" ? timeOf(value) : undefined;
    if (time === undefined) return false;
    if (high !== undefined) return time > low && time < high;
    return operator === ">" ? time > low : operator === "<" ? time < low : time === low;
  };
}

/** `2026`, `2026-01` … to `2026-01-31T12:00:00`. */
function timeOf(text: string): number | undefined {
  const whole = /^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?$/.test(text);
  return whole ? parseTime(`${text}${"0000-01-01T00:00:00".slice(text.length)}Z`) : undefined;
}
