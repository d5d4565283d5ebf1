/** What one client has sent and got in the hour that runs, and what is usual for it. */
export class HourlyBytes {
  hour: number;
  sent = 0;
  got = 0;
  told = false;
  /** Whole hours that were seen, and the most that one of them sent of late: it fades by a tenth with each hour. */
  hours = 0;
  usual = 0;
  /** Bytes sent in this hour by server, the largest few. */
  readonly servers = new Map<string, number>();

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
    this.servers.clear();
  }
}

const fading = 0.9;
const silentHoursMax = 1000;
