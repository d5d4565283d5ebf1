/** TaZmen Sniffer Protocol: frames that an access point or router sends to a listener. A guess, as all tunnels in UDP are. */
const VERSION = 0;
const TYPE = 1;
const PROTOCOL = 2;
const HEADER_BYTES = 4;
const RECEIVED = 0;
const FOR_SENDING = 1;
const TAG_PADDING = 0;
const TAG_END = 1;

export const TzspProtocol = { ethernet: 1, ieee80211: 18 } as const;

/** What the frame is; the header is present. */
export const protocol = (view: DataView, at: number): number => view.getUint16(at + PROTOCOL);

/** Offset of the frame behind the tags, or -1 when there is none. */
export function frameAt(view: DataView, at: number, end: number): number {
  if (end - at < HEADER_BYTES || view.getUint8(at + VERSION) !== 1) return -1;
  const type = view.getUint8(at + TYPE);
  if (type !== RECEIVED && type !== FOR_SENDING) return -1;
  for (let tag = at + HEADER_BYTES; tag < end; ) {
    const kind = view.getUint8(tag);
    if (kind === TAG_END) return tag + 1 < end ? tag + 1 : -1;
    if (kind === TAG_PADDING) tag++;
    else if (tag + 1 < end) tag += 2 + view.getUint8(tag + 1);
    else return -1;
  }
  return -1;
}
