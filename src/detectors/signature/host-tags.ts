import { PacketTags, type Tag } from "./packet-tags.ts";

/** Hosts that are tagged at once. Beyond it the one that was tagged first is forgotten. */
const hostsMax = 65_536;

/** What rules have tagged hosts with (`tag:host`), by their addresses as texts. Asked in capture order, of all partitions. */
export class HostTags {
  readonly #hostsMax: number;
  readonly #hosts = new Map<string, PacketTags>();

  constructor(most = hostsMax) {
    this.#hostsMax = most;
  }

  /** The rule with this number has matched a packet between these; time in µs. */
  set(rule: number, tag: Tag, time: number, source: string, target: string): void {
    const host = tag.scope === "src" ? source : target;
    let tags = this.#hosts.get(host);
    if (tags === undefined) {
      if (this.#hosts.size >= this.#hostsMax) this.#evict();
      tags = new PacketTags();
      this.#hosts.set(host, tags);
    }
    tags.set(rule, tag, time);
  }

  /** A packet between these, of so many bytes: true when it is told. It counts for both. */
  packet(time: number, bytes: number, source: string, target: string): boolean {
    if (this.#hosts.size === 0) return false;
    const sends = this.#of(source, time, bytes);
    const receives = source !== target && this.#of(target, time, bytes);
    return sends || receives;
  }

  /** Rules have other numbers: nothing renews these tags, which run on. */
  forgetRules(): void {
    for (const tags of this.#hosts.values()) tags.forgetRules();
  }

  #of(host: string, time: number, bytes: number): boolean {
    const tags = this.#hosts.get(host);
    if (tags === undefined) return false;
    const isTold = tags.packet(time, bytes);
    if (tags.isEmpty) this.#hosts.delete(host);
    return isTold;
  }

  #evict(): void {
    for (const host of this.#hosts.keys()) {
      this.#hosts.delete(host);
      return;
    }
  }
}
