import { UsualBytes } from "./usual-bytes.ts";

/** Bytes sent in an hour from which on somebody sits at the machine, or it works. */
const awakeBytes = 100_000;
/** Days after which hours without work say something. */
const daysMin = 3;

/** What a client uploads, to wherever, in an hour; and at which hours of the day (UTC) it sends at all. */
export class ClientPast {
  readonly first: number;
  /** Bytes of the hours in which it uploaded. */
  readonly uploads = new UsualBytes();
  #hour: number;
  #sent = 0;
  #uploaded = 0;
  /** One bit for each hour of the day at which it was awake. */
  #awake = 0;

  constructor(hour: number) {
    this.first = hour;
    this.#hour = hour;
  }

  /** Closes the hour that is over. */
  turnTo(hour: number): void {
    if (hour <= this.#hour) return;
    if (this.#sent >= awakeBytes) this.#awake |= 1 << (this.#hour % 24);
    if (this.#uploaded > 0) this.uploads.add(this.#uploaded);
    this.#hour = hour;
    this.#sent = 0;
    this.#uploaded = 0;
  }

  send(bytes: number): void {
    this.#sent += bytes;
  }

  upload(bytes: number): void {
    this.#uploaded += bytes;
  }

  /** Whole hours since it was first seen. */
  get hours(): number {
    return this.#hour - this.first;
  }

  /** It was watched for days and never sent anything at this hour of the day, the one before or the one after. */
  get isOutsideItsHours(): boolean {
    if (this.hours < daysMin * 24) return false;
    const at = this.#hour % 24;
    return ![at + 23, at, at + 1].some((hour) => (this.#awake & (1 << (hour % 24))) !== 0);
  }
}
