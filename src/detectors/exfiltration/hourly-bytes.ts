/** What one client has sent and got in the hour that runs, and what is usual for it. */
export class HourlyBytes {
  hour: number;
  sent = 0;
  got = 0;
  told = false;
  /** Whole hours that were seen, and the most that one of them sent of late: it fades slowly. */
  hours = 0;
  usual = 0;
  /** The server's name is one of a service that people send copies to. */
  isForCopies = false;

  constructor(hour: number) {
    this.hour = hour;
  }

  /** Closes hours that are over; hours without traffic count, too. */
  turnTo(hour: number): void {
    if (hour <= this.hour) return;
    const silent = hour - this.hour - 1;
    this.usual = Math.max(this.usual * fading, this.sent) * fading ** Math.min(silent, silentHoursMax);
    this.hours += 1 + silent;
    this.hour = hour;
    this.sent = 0;
    this.got = 0;
    this.told = false;
  }
}

/** Half of it is gone within a week, so that what is done once a week stays usual. */
const fading = 0.996;
const silentHoursMax = 1000;
