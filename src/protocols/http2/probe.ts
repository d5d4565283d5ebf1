import type { ByteView } from "#base/bytes.ts";
import { Probe } from "#contract/parser.ts";
import { FRAME_HEADER_BYTES, Frame, frameLength, PREFACE, uint32 } from "./frames.ts";

/** Settings that a first frame may hold. */
const settingsMax = 32;

/** The client's preface, or the SETTINGS frame that both sides begin with. */
export function probe(_side: number, { bytes, at, end }: ByteView): Probe {
  const first = bytes[at];
  if (first === PREFACE[0]) {
    const stop = Math.min(end, at + PREFACE.length);
    for (let i = at; i < stop; i++) if (bytes[i] !== PREFACE[i - at]) return Probe.no;
    return stop - at === PREFACE.length ? Probe.yes : Probe.more;
  }
  return first === 0 ? settings(bytes, at, end) : Probe.no;
}

function settings(bytes: Uint8Array, at: number, end: number): Probe {
  const have = Math.min(end - at, FRAME_HEADER_BYTES);
  for (let i = 1; i < have; i++) {
    const byte = bytes[at + i] as number;
    if (i === 2 ? byte % 6 !== 0 || byte > settingsMax * 6 : byte !== (i === 3 ? Frame.settings : 0)) return Probe.no;
  }
  if (have < FRAME_HEADER_BYTES) return Probe.more;
  const length = frameLength(bytes, at);
  if (length === 0) return Probe.maybe;
  const stop = Math.min(end, at + FRAME_HEADER_BYTES + length);
  for (let i = at + FRAME_HEADER_BYTES; i + 6 <= stop; i += 6) {
    const id = ((bytes[i] as number) << 8) | (bytes[i + 1] as number);
    // Numbers of the form 0x?a?a are there to be ignored (GREASE).
    if ((id === 0 || id > 16) && (id & 0x0f0f) !== 0x0a0a) return Probe.no;
    if (id === 2 && uint32(bytes, i + 2) > 1) return Probe.no;
  }
  return stop - at === FRAME_HEADER_BYTES + length ? Probe.yes : Probe.more;
}
