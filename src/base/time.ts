declare const microsBrand: unique symbol;
/** A point in time: whole microseconds since 1970-01-01 UTC. Fits 2^53 until the year 2255. */
export type Micros = number & { readonly [microsBrand]: true };

export const MICROS_PER_SECOND = 1_000_000;
const MICROS_PER_DAY = 86_400 * MICROS_PER_SECOND;

/** Clocks are set back by so much at most, and packets of one capture are no farther out of order. */
const stepBackMax = 60 * MICROS_PER_SECOND;

/** Whether what was saved at one time may go on at another: in packets from long before it stands in the future. */
export const goesOn = (saved: number, time: number): boolean => time >= saved - stepBackMax;

export const micros = (value: number): Micros => value as Micros;

/**
 * Writes times as Suricata's EVE does: `2026-01-31T23:59:59.000001+0000`. The day's text is kept, because calling the
 * calendar for each event costs more than all the rest of the event.
 */
export class TimeText {
  #day = Number.NaN;
  #prefix = "";

  format(time: Micros): string {
    const day = Math.floor(time / MICROS_PER_DAY);
    if (day !== this.#day) {
      this.#day = day;
      this.#prefix = dayText(day);
    }
    const inDay = time - day * MICROS_PER_DAY;
    const second = Math.floor(inDay / MICROS_PER_SECOND);
    const micro = inDay - second * MICROS_PER_SECOND;
    const hours = Math.floor(second / 3600);
    const minutes = Math.floor(second / 60) % 60;
    return `${this.#prefix}T${two(hours)}:${two(minutes)}:${two(second % 60)}.${String(micro).padStart(6, "0")}+0000`;
  }
}

const two = (value: number): string => (value < 10 ? `0${value}` : String(value));

function dayText(day: number): string {
  const date = new Date(day * 86_400_000);
  return Number.isNaN(date.getTime()) ? "1970-01-01" : date.toISOString().slice(0, 10);
}

/** Microseconds of an ISO 8601 text; `undefined` when it is none. Digits behind the sixth of a second are cut. */
export function parseTime(text: string): Micros | undefined {
  const match = /^(.*?)(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?$/.exec(text);
  if (match === null) return undefined;
  const zone = match[3] ?? "Z";
  const milliseconds = Date.parse(`${match[1]}${zone === "Z" ? zone : `${zone.slice(0, 3)}:${zone.slice(-2)}`}`);
  if (Number.isNaN(milliseconds)) return undefined;
  return (milliseconds * 1000 + Number((match[2] ?? "").slice(0, 6).padEnd(6, "0"))) as Micros;
}
