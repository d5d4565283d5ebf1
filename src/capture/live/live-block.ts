import type { FrameBlock } from "#contract/source.ts";

/** The one block of a live source: its columns are filled anew for each part of the ring that it stands for. */
export class LiveBlock implements FrameBlock {
  bytes: Uint8Array;
  view: DataView;
  count = 0;
  firstNumber = 1;
  clock = 0;
  readonly offset: Int32Array;
  readonly captured: Int32Array;
  readonly wire: Int32Array;
  readonly time: Float64Array;
  readonly linkType: Uint16Array;
  readonly vlan: Uint32Array;
  readonly flags: Uint8Array;
  readonly interfaceIndex: Uint8Array;
  readonly partition: Uint8Array;

  /** Room for `frames` frames over `memory`; all of them have one link type and one interface. */
  constructor(memory: ArrayBuffer, frames: number, linkType: number, interfaceIndex: number) {
    this.bytes = new Uint8Array(memory);
    this.view = new DataView(memory);
    this.offset = new Int32Array(frames);
    this.captured = new Int32Array(frames);
    this.wire = new Int32Array(frames);
    this.time = new Float64Array(frames);
    this.linkType = new Uint16Array(frames).fill(linkType);
    this.vlan = new Uint32Array(frames);
    this.flags = new Uint8Array(frames);
    this.interfaceIndex = new Uint8Array(frames).fill(interfaceIndex);
    this.partition = new Uint8Array(frames);
  }

  /** The block stands over no memory any more: late reads find nothing instead of freed memory. */
  detach(): void {
    this.count = 0;
    this.bytes = new Uint8Array(0);
    this.view = new DataView(new ArrayBuffer(0));
  }
}
