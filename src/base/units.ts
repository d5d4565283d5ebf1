const DECIMAL = ["", "k", "M", "G", "T", "P"] as const;
const BINARY = ["B", "KiB", "MiB", "GiB", "TiB", "PiB"] as const;
/** What stands where a value is not known. */
export const UNKNOWN = "–";

/** Three significant digits with a decimal prefix: `1.23 M`, `45.6 k`, `789`. Used for rates and counts. */
export function si(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  return scaled(value, 1000, DECIMAL);
}

/** A rate in bits per second, decimal prefixes: `12.3 Mbit/s`. */
export const bitRate = (bitsPerSecond: number): string => withUnit(si(bitsPerSecond), "bit/s");

/** A rate of things per second: `1.20 k/s`. */
export const rate = (perSecond: number): string => withUnit(si(perSecond), "/s");

/** An amount of bytes, binary prefixes: `1.50 MiB`. */
export function bytes(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  return scaled(value, 1024, BINARY);
}

/** A whole number with thin grouping: `1,234,567`. */
export function count(value: number): string {
  return Number.isFinite(value) ? grouped.format(value) : UNKNOWN;
}
const grouped = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** A share from 0 to 1 as a percentage; never shows 0 % or 100 % for what is not. */
export function percent(share: number): string {
  if (!Number.isFinite(share)) return UNKNOWN;
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value < 0.1) return "< 0.1 %";
  if (value > 99.9) return "> 99.9 %";
  return `${value < 10 ? value.toFixed(1) : Math.floor(value)} %`;
}

/** Any number at a length that suits it: integers grouped, fractions with four significant digits. */
export function plain(value: number): string {
  if (Number.isInteger(value)) return count(value);
  return Number(value.toPrecision(4)).toString();
}

/** How many of what, with the right ending: `1 flow`, `2 flows`. */
export const many = (value: number, one: string, more = `${one}s`): string => `${count(value)} ${value === 1 ? one : more}`;

function scaled(value: number, base: number, units: readonly string[]): string {
  let rest = Math.abs(value);
  let step = 0;
  while (rest >= base * 0.9995 && step < units.length - 1) {
    rest /= base;
    step++;
  }
  const digits = step === 0 ? wholeOr(rest) : rest.toPrecision(3);
  const shown = Number(digits) >= 1000 ? String(Math.round(rest)) : digits;
  return `${value < 0 ? "-" : ""}${shown} ${units[step]}`.trimEnd();
}

const wholeOr = (value: number): string => (Number.isInteger(value) || value >= 100 ? String(Math.round(value)) : value.toPrecision(2));

/** `12.3 M` + `bit/s` → `12.3 Mbit/s`; `5` + `/s` → `5 /s`. */
function withUnit(text: string, unit: string): string {
  if (text === UNKNOWN) return text;
  return text.includes(" ") ? `${text}${unit}` : `${text} ${unit}`;
}
