import { ipv6Text, parseAddress } from "#base/address.ts";
import type { OddwireEvent } from "#schema/event.ts";

type Counts = readonly [number, number, number, number];

/** Packets and bytes each way by five-tuple, the smaller end first: the same whoever opened the flow and however often it timed out. */
export class FlowSums {
  readonly #sums = new Map<string, Counts>();

  /** The sums of all `flow` events. */
  static of(events: readonly OddwireEvent[]): FlowSums {
    const sums = new FlowSums();
    for (const event of events) {
      if (event.event_type !== "flow") continue;
      const flow = event["flow"] as { readonly [name: string]: number };
      const ends = [end(event.src_ip, event.src_port), end(event.dest_ip, event.dest_port)] as const;
      const [a = 0, b = 0, c = 0, d = 0] = ["pkts_toserver", "pkts_toclient", "bytes_toserver", "bytes_toclient"].map((name) => flow[name]);
      sums.add(event.proto ?? "", ends, [a, b, c, d]);
    }
    return sums;
  }

  /** Adds packets forth and back, bytes forth and back. */
  add(protocol: string, [one, other]: readonly [string, string], [a, b, c, d]: Counts): void {
    const swapped = one > other;
    const key = [protocol.toLowerCase(), ...(swapped ? [other, one] : [one, other])].join(" ");
    const [e, f, g, h] = this.#sums.get(key) ?? [0, 0, 0, 0];
    this.#sums.set(key, swapped ? [e + b, f + a, g + d, h + c] : [e + a, f + b, g + c, h + d]);
  }

  [Symbol.iterator](): IterableIterator<[string, Counts]> {
    return this.#sums.entries();
  }

  get(key: string): Counts | undefined {
    return this.#sums.get(key);
  }

  /** One line for each five-tuple, sorted. */
  lines(): readonly string[] {
    return [...this.#sums].map(([key, counts]) => `${key}: ${counts.join(" ")}`).toSorted();
  }
}

const end = (host: string | undefined, port: number | undefined): string => `${address(host ?? "")} ${port ?? 0}`;

/** An address in its short form. */
export function address(text: string): string {
  const parsed = parseAddress(text);
  return parsed?.version === 6 ? ipv6Text(...parsed.words) : text;
}
