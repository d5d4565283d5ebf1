import { ByteView } from "#base/bytes.ts";
import type { InnerStream, Side } from "#contract/parser.ts";
import { UNDECIDED, UNKNOWN } from "./protocol-finder.ts";
import { ProtocolStream } from "./protocol-stream.ts";
import type { StreamHost } from "./stream-host.ts";

/** A stream inside another one of the same flow. It has a window of its own, because the outer parser is in the middle of its. */
export class CarriedStream extends ProtocolStream implements InnerStream {
  constructor(host: StreamHost, outer: ProtocolStream, protocol: number, depth: number) {
    super(host, outer.slot, "tcp", outer.clientPort, outer.serverPort, new ByteView(), depth);
    this.from = host.finder.name(outer.protocolNumber);
    this.presume(protocol);
    if (protocol === UNKNOWN) this.finish();
  }

  get protocol(): string | undefined {
    return this.protocolNumber === UNDECIDED || this.protocolNumber === UNKNOWN ? undefined : this.host.finder.name(this.protocolNumber);
  }

  data(side: Side, bytes: Uint8Array, from: number, to: number): void {
    if (this.done || from >= to) return;
    // The view starts where the array starts, so that both are addressed by the same offsets.
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.deliver(side, this.sideOf(side), bytes, view, from, to - from);
  }

  gap(side: Side, bytes: number): void {
    this.missing(side, this.sideOf(side), bytes);
  }

  end(): void {
    if (!this.done) this.conclude();
  }

  protected open(protocol: number, depth: number): InnerStream {
    return new CarriedStream(this.host, this, protocol, depth);
  }
}
