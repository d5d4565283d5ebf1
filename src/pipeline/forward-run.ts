import { textOf } from "#base/members.ts";
import type { Forwarded, ForwardedEvent, ForwardReader } from "#contract/forward.ts";
import type { Accused, AllowList } from "./allow-list.ts";
import { EventLines } from "./event-lines.ts";
import { EventWriter } from "./event-writer.ts";
import { eachForwarded, type ForwardedSteps } from "./forwarded.ts";

/** Lets a reader of claimed flows have its turn behind each block; its events go behind those of the block. */
export class ForwardRun {
  readonly lines = new EventLines(1 << 14);
  readonly #reader: ForwardReader;
  readonly #allow: AllowList | undefined;
  readonly #writer = new EventWriter(this.lines);

  /** Findings about whom `allow` covers are not told. */
  constructor(reader: ForwardReader, allow?: AllowList) {
    this.#reader = reader;
    this.#allow = allow;
  }

  /** Reads what the workers forwarded of one block; afterwards its events are in `lines`. */
  block(workers: readonly ForwardedSteps[], clock: number): Promise<void> {
    return this.#reader.block((take: (step: Forwarded) => void) => eachForwarded(workers, take), clock, this.#emit);
  }

  finish(clock: number): Promise<void> {
    return this.#reader.finish(clock, this.#emit);
  }

  readonly #emit: ForwardedEvent = ({ kind, time, number, flow, side = 0, members }) => {
    const client = flow === undefined ? {} : { ip: flow.client, port: flow.clientPort };
    const server = flow === undefined ? {} : { ip: flow.server, port: flow.serverPort };
    const [source, target] = side === 0 ? [client, server] : [server, client];
    if (kind === "finding" && this.#isKeptBack(members[kind], { source: source.ip, target: target.ip }, time)) return;
    const common =
      flow === undefined
        ? {}
        : {
            flow_id: flow.flowId,
            src_ip: source.ip,
            src_port: source.port,
            dest_ip: target.ip,
            dest_port: target.port,
            proto: flow.transport.toUpperCase(),
            app_proto: flow.protocol,
          };
    const text = JSON.stringify({ ...common, pkt_src: "wire/pcap", ...members });
    this.#writer.plain(time, number, kind, `,${text.slice(1, -1)}`, number, 0);
  };

  #isKeptBack(finding: unknown, accused: Accused, time: number): boolean {
    const { detector } = finding as { readonly detector?: unknown };
    return this.#allow?.keepsBack(textOf(detector), accused, time) === true;
  }
}
