import { UsualBytes } from "./usual-bytes.ts";

/** Bytes sent in an hour from which on somebody sits at the machine, or it works. */
const awakeBytes = 100_000;
/** Days after which hours without work say something. */
const daysMin = 3;
/** On one day, or such a share of its days, it may have been awake at an hour that is not one of its own. */
const awakeShare = 0.1;

/** What a client uploads in an hour to places that are new to it; and at which hours of the day (UTC) it sends at all. */
export class ClientPast {
  readonly first: number;
  /** Bytes of the hours in which it uploaded. */
  readonly uploads = new UsualBytes();
  #hour: number;
  #sent = 0;
  #uploaded = 0;
  /** For each hour of the day, on how many days it was awake. */
  readonly #awake = new Uint16Array(24);

  constructor(hour: number) {
    this.first = hour;
    this.#hour = hour;
  }

  /** Closes the hour that is over; `network` has the uploads of all clients. */
  turnTo(hour: number, network: UsualBytes): void {
    if (hour <= this.#hour) return;
    if (this.#sent >= awakeBytes) {
      const at = this.#hour % 24;
      this.#awake[at] = (this.#awake[at] as number) + 1;
    }
    if (this.#uploaded > 0) {
      this.uploads.add(this.#uploaded);
      network.add(this.#uploaded);
    }
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

  /** It was watched for days and hardly ever sent anything at this hour of the day, the one before or the one after. */
  get isOutsideItsHours(): boolean {
    const days = this.hours / 24;
    if (days < daysMin) return false;
    const at = this.#hour % 24;
    const awake = [at + 23, at, at + 1].reduce((sum, hour) => sum + (this.#awake[hour % 24] as number), 0);
    return awake <= Math.max(1, awakeShare * days);
  }
}
