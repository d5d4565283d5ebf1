import type { OddwireEvent } from "#contract/event.ts";
import type { Sink } from "#contract/sink.ts";
import type { DeliveryRow } from "#schema/delivery.ts";
import type { Courier } from "./courier.ts";
import { noticeOf } from "./notice.ts";

/** Members by which the lines that may be sent are known, before they are read. */
const marks = ['"event_type":"finding"', '"event_type":"alert"'].map((text) => Buffer.from(text));
const newline = 10;

/** Reads findings and alerts out of the lines and hands them to the couriers. Never waits for any of them. */
export class NoticeSink implements Sink {
  readonly name = "deliver";
  /** Notices wait in queues of their own, which count what they give up. */
  readonly dropped = 0;
  readonly #couriers: readonly Courier[];

  constructor(couriers: readonly Courier[]) {
    this.#couriers = couriers;
  }

  get state(): readonly DeliveryRow[] {
    return this.#couriers.map(({ state }) => state);
  }

  async start(): Promise<void> {
    for (const courier of this.#couriers) courier.start();
  }

  async write(lines: Uint8Array): Promise<void> {
    const bytes = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength);
    for (const mark of marks)
      for (let at = bytes.indexOf(mark); at >= 0; ) {
        const from = bytes.lastIndexOf(newline, at) + 1;
        const end = bytes.indexOf(newline, at);
        const to = end < 0 ? bytes.length : end;
        this.#take(bytes.toString("utf8", from, to));
        at = bytes.indexOf(mark, to);
      }
  }

  async flush(): Promise<void> {
    // What was gathered goes to the disk within a second.
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#couriers.map((courier) => courier[Symbol.asyncDispose]()));
  }

  #take(line: string): void {
    const event = JSON.parse(line) as OddwireEvent;
    // The mark may stand inside of another event.
    const notice = noticeOf(event);
    if (notice !== undefined) for (const courier of this.#couriers) courier.take(notice);
  }
}
