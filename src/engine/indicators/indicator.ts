/**
 * What an indicator may be: a thing that is seen on the wire, and that somebody has listed. `address` is a network too
 * (`10.0.0.0/8`), and may carry a port; `domain` means the name and all names below it; `digest` is 32 hexadecimal
 * digits of which the list does not say what they are: they are looked for as MD5 of files, JA3 and JA3S.
 */
export const indicatorTypes = [
  "address",
  "domain",
  "url",
  "ja3",
  "ja3s",
  "ja4",
  "hassh",
  "certificate",
  "md5",
  "sha1",
  "sha256",
  "digest",
] as const;
export type IndicatorType = (typeof indicatorTypes)[number];

/** Words of severity and their numbers in an alert: 1 is the worst. */
export const severities = { critical: 1, high: 1, medium: 2, low: 3, info: 4 } as const;
export type SeverityWord = keyof typeof severities;
export const isSeverity = (text: string): text is SeverityWord => Object.hasOwn(severities, text);

/** One indicator as a list gives it, its value in the form that is compared. */
export interface Indicator {
  readonly type: IndicatorType;
  /** Address or network in short form, name in lower case, URL without scheme and fragment, digits in lower case. */
  readonly value: string;
  /** Port that an address is meant with; 0 for any. */
  readonly port: number;
  /** True when it is on the list of what must never alert. */
  readonly allowed: boolean;
  readonly severity: number;
  /** Who says so; empty when the list does not tell. */
  readonly source: string;
  /** Whole seconds since 1970 from which it counts no more; 0 for never. */
  readonly expires: number;
  readonly note: string;
}

/** A line that says nothing usable. */
export interface Trouble {
  readonly line: number;
  /** From 1. */
  readonly column: number;
  readonly cause: string;
  readonly mend: string;
}

/** Something seen that is listed. */
export interface Hit {
  /** Number of the indicator: alerts are told once for each and flow. */
  readonly entry: number;
  readonly type: IndicatorType;
  readonly value: string;
  /** Name of the list it stands on. */
  readonly list: string;
  readonly severity: number;
  readonly source: string;
  readonly expires: number;
  readonly note: string;
}
