import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { writeDatagram } from "#capture/scenario/frames/datagram.ts";
import { type Path, Side } from "#capture/scenario/frames/endpoint.ts";
import type { FrameBuffer } from "#capture/scenario/frames/frame-buffer.ts";
import { type SegmentHeader, writeSegment } from "#capture/scenario/frames/tcp-segment.ts";

const nothing = new Uint8Array(0);
const IP = 14;
const L4 = 34;

/** What is broken, and how: each writes a whole frame at `frames.open()` and returns its end. */
const breakages: readonly ((frames: FrameBuffer, path: Path) => number)[] = [
  // IPv4 header shorter than 20 bytes.
  (frames, path) => patched(frames, path, (at) => frames.view.setUint8(at + IP, 0x43)),
  // IPv4 total length beyond the frame.
  (frames, path) => patched(frames, path, (at) => frames.view.setUint16(at + IP + 2, 1_400)),
  // TCP header that ends behind the packet.
  (frames, path) => patched(frames, path, (at) => frames.view.setUint8(at + L4 + 12, 0xf0)),
  // Checksum that is wrong.
  (frames, path) => patched(frames, path, (at) => frames.view.setUint16(at + L4 + 16, frames.view.getUint16(at + L4 + 16) ^ 0x5a5a)),
  // FIN, PSH and URG without ACK, as no system sends them.
  (frames, path) => segment(frames, path, 41),
  // SYN and FIN at once.
  (frames, path) => segment(frames, path, 3),
  // A DNS name that points at itself.
  (frames, path) =>
    writeDatagram(frames, path, Side.client, 40_053, 53, new ByteWriter(32).u16(7, 0x0100, 1, 0, 0, 0, 0xc00c, 1, 1).done()),
  // UDP length beyond the packet.
  (frames, path) => {
    const at = frames.open();
    const end = writeDatagram(frames, path, Side.client, 40_000, 9_999, new Uint8Array(20));
    frames.view.setUint16(at + L4 + 4, 600);
    return end;
  },
];

export default defineActor({
  name: "malformed",
  summary: "A few packets that break the rules of their protocols, as fuzzers and broken cards send them.",
  label: "attack",
  *start(world, random) {
    const stranger = world.outside.host("203.0.113.101", 30_000);
    const path: Path = { ends: [stranger, world.office.web], version: 4 };
    yield world.wait(150);
    for (const broken of breakages) {
      const end = broken(world.frames, path);
      world.frames.commit(end, world.trace(stranger, world.office.web), world.now);
      yield random.between(200_000, 700_000);
    }
  },
});

function segment(frames: FrameBuffer, path: Path, flags: number): number {
  const head: SegmentHeader = {
    fromPort: 40_000 + flags,
    toPort: 80,
    sequence: 1_000,
    acknowledged: 0,
    flags,
    window: 1_024,
    options: nothing,
    stamped: false,
    stamp: 0,
    echo: 0,
  };
  return writeSegment(frames, path, Side.client, head, nothing, 0, 0);
}

function patched(frames: FrameBuffer, path: Path, patch: (at: number) => void): number {
  const at = frames.open();
  const end = segment(frames, path, 2);
  patch(at);
  return end;
}
