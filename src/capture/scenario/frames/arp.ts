import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import type { Endpoint } from "./endpoint.ts";
import type { FrameBuffer } from "./frame-buffer.ts";
import { writeEthernet } from "./ip.ts";

const ARP = 0x0806;
const broadcast = new Uint8Array(6).fill(255);
const nobody = new Uint8Array(6);

/** Writes an ARP message (RFC 826): a question goes to everybody, an answer to who asked. Returns the frame's end. */
export function writeArp(frames: FrameBuffer, from: Endpoint, to: Endpoint, kind: "question" | "answer"): number {
  const question = kind === "question";
  const message = new ByteWriter(28).u16(1, 0x0800).u8(6, 4);
  message
    .u16(question ? 1 : 2)
    .bytes(from.mac)
    .u32(from.ip4);
  message.bytes(question ? nobody : to.mac).u32(to.ip4);
  const at = writeEthernet(frames, frames.open(), question ? broadcast : to.mac, from.mac, from.vlan, ARP);
  frames.bytes.set(message.done(), at);
  return at + message.length;
}
