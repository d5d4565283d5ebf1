import type { ByteView } from "#base/bytes.ts";
import type { Transaction } from "#contract/parser.ts";
import { clockRate, sequence, timestamp } from "./packet.ts";

const typesMax = 8;
/** A leap of the sequence number from which on the source counts as begun anew (RFC 3550 A.1). */
const dropoutMax = 3000;
const MICROS = 1_000_000;

/** One source in one direction: its counts, and its jitter as RFC 3550 A.8 reckons it. */
export class MediaStream {
  readonly ssrc: number;
  readonly types: number[] = [];
  packets = 0;
  #payload = 0;
  #duplicates = 0;
  #outOfOrder = 0;
  /** Packets of the stretches before a leap that were lost. */
  #lostBefore = 0;
  #receivedBefore = 0;
  #first = 0;
  #last = 0;
  #base = 0;
  /** Highest sequence number, with its turns. */
  #highest = 0;
  #codec: string | undefined;
  #rate: number;
  #transit = 0;
  #jitter = 0;
  #maxJitter = 0;

  constructor(ssrc: number, codec: string | undefined) {
    this.ssrc = ssrc;
    this.#codec = codec;
    this.#rate = clockRate(codec);
  }

  /** A packet. Returns how far it is ahead of the highest before: 1 of the next; 0 and less of old ones. */
  add({ bytes, view, at }: ByteView, payload: number, time: number): number {
    const number = sequence(view, at);
    const type = (bytes[at + 1] as number) & 0x7f;
    if (!this.types.includes(type) && this.types.length < typesMax) this.types.push(type);
    this.#payload += payload;
    if (this.packets++ === 0) {
      this.#first = time;
      this.#restart(number, time, timestamp(view, at));
      return 1;
    }
    this.#last = time;
    const ahead = ((number - this.#highest) << 16) >> 16;
    if (ahead > dropoutMax || ahead < -dropoutMax) {
      this.#lostBefore = this.#lost();
      this.#receivedBefore = this.packets - 1 - this.#duplicates;
      this.#restart(number, time, timestamp(view, at));
      return ahead;
    }
    if (ahead > 0) this.#highest += ahead;
    else if (ahead === 0) this.#duplicates++;
    else this.#outOfOrder++;
    // Another payload type may have another clock.
    if (ahead !== 0 && type === this.types[0]) this.#measure(time, timestamp(view, at));
    return ahead;
  }

  #restart(number: number, time: number, stamp: number): void {
    this.#base = number;
    this.#highest = number;
    this.#last = time;
    this.#transit = this.#transitOf(time, stamp);
  }

  #lost(): number {
    const received = this.packets - this.#duplicates - this.#receivedBefore;
    return this.#lostBefore + Math.max(0, this.#highest - this.#base + 1 - received);
  }

  /** Arrival less timestamp, in ticks, within 32 bits as the timestamp is. */
  #transitOf(time: number, stamp: number): number {
    return (Math.round((time * this.#rate) / MICROS) % 0x1_0000_0000) - stamp;
  }

  #measure(time: number, stamp: number): void {
    if (this.#rate === 0) return;
    const transit = this.#transitOf(time, stamp);
    const difference = Math.abs((transit - this.#transit) | 0);
    this.#transit = transit;
    this.#jitter += (difference - this.#jitter) / 16;
    this.#maxJitter = Math.max(this.#maxJitter, this.#jitter);
  }

  /** Members of the event that the stream itself knows. */
  told(): Transaction {
    const fields: Transaction = {
      ssrc: this.ssrc.toString(16).padStart(8, "0"),
      payload_type: this.types[0],
      packets: this.packets,
      payload_bytes: this.#payload,
      lost: this.#lost(),
      duration: (this.#last - this.#first) / MICROS,
    };
    if (this.#codec !== undefined) fields["codec"] = this.#codec;
    if (this.types.length > 1) fields["payload_types"] = this.types;
    if (this.#duplicates > 0) fields["duplicates"] = this.#duplicates;
    if (this.#outOfOrder > 0) fields["out_of_order"] = this.#outOfOrder;
    if (this.#rate > 0 && this.packets > 1) {
      fields["jitter"] = this.#millis(this.#jitter);
      fields["max_jitter"] = this.#millis(this.#maxJitter);
    }
    return fields;
  }

  #millis(ticks: number): number {
    return Math.round((ticks / this.#rate) * MICROS) / 1000;
  }
}
