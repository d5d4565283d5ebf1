import { UsualBytes } from "./usual-bytes.ts";

/** What one client has sent a destination and got in the hour that runs, and what is usual for it. */
export class HourlyBytes {
  hour: number;
  sent = 0;
  got = 0;
  /** How much of it the client's uploads of the hour have in them. */
  uploaded = 0;
  /** What was said of the hour. */
  told: "nothing" | "observed" | "accused" = "nothing";
  /** The most that an hour sent of late: it fades slowly. */
  most = 0;
  readonly usual = new UsualBytes();
  /** The server's name is one of a service that people send copies to. */
  isForCopies = false;

  constructor(hour: number) {
    this.hour = hour;
  }

  /** Closes hours that are over; in hours without traffic the most fades, too. */
  turnTo(hour: number): void {
    if (hour <= this.hour) return;
    const silent = hour - this.hour - 1;
    if (this.sent > 0) this.usual.add(this.sent);
    this.most = Math.max(this.most * fading, this.sent) * fading ** Math.min(silent, silentHoursMax);
    this.hour = hour;
    this.sent = 0;
    this.got = 0;
    this.uploaded = 0;
    this.told = "nothing";
  }
}

/** Half of it is gone within a week, so that what is done once a week stays usual. */
const fading = 0.996;
const silentHoursMax = 1000;
