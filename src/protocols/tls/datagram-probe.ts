import type { ByteView } from "#base/bytes.ts";
import { Probe, type Side } from "#contract/parser.ts";
import {
  DATAGRAM_HEADER_BYTES,
  FRAGMENT_HEADER_BYTES,
  isEarlyMessage,
  messageType,
  recordBytes,
  recordEpoch,
  recordType,
  recordVersion,
  soundFragment,
  soundRecord,
} from "./datagram-records.ts";
import { ContentType } from "./records.ts";

/** Bytes of the shortest encrypted record: an explicit nonce, or a tag. */
const SEALED_BYTES_MIN = 16;
const EARLY_EPOCHS = 3;

/** Looks for records that fill the datagram; the first one must be a handshake in the clear, or encrypted. */
export function datagramProbe(_side: Side, { view, at, end }: ByteView, usualPort: boolean): Probe {
  if (!soundRecord(view, at, end)) return Probe.no;
  const body = at + DATAGRAM_HEADER_BYTES;
  const length = recordBytes(view, at);
  const epoch = recordEpoch(view, at);
  const type = recordType(view, at);
  const standard = recordVersion(view, at) !== 0x0100;
  let i = body + length;
  while (soundRecord(view, i, end)) i += DATAGRAM_HEADER_BYTES + recordBytes(view, i);
  if (epoch === 0 && type === ContentType.handshake) {
    const sound = soundFragment(view, body, body + length) && isEarlyMessage(messageType(view, body));
    return sound && length >= FRAGMENT_HEADER_BYTES && (i === end || standard) ? Probe.yes : Probe.no;
  }
  if (i !== end) return Probe.no;
  if (epoch === 0) {
    if (type === ContentType.alert) return length === 2 && standard ? Probe.yes : Probe.no;
    return type === ContentType.changeCipherSpec && length === 1 && standard ? Probe.yes : Probe.no;
  }
  const sealed = length >= SEALED_BYTES_MIN && (epoch <= EARLY_EPOCHS || usualPort);
  return sealed && (standard || usualPort) ? Probe.yes : Probe.no;
}
