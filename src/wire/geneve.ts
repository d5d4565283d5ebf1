/** Generic Network Virtualization Encapsulation (RFC 8926). As with VXLAN, `matches` answers a guess. */
const VERSION_OPTIONS = 0;
const FLAGS = 1;
const PROTOCOL = 2;
const VNI = 4;
/** Bytes of a header without options. */
export const HEADER_BYTES = 8;

/** True when version, reserved fields and option lengths are those of a GENEVE header that fits before `end`. */
export function matches(view: DataView, at: number, end: number): boolean {
  if (end - at < HEADER_BYTES || view.getUint8(at + VERSION_OPTIONS) >>> 6 !== 0) return false;
  if ((view.getUint8(at + FLAGS) & 0x3f) !== 0 || view.getUint8(at + VNI + 3) !== 0) return false;
  const stop = at + headerBytes(view, at);
  if (stop > end) return false;
  let option = at + HEADER_BYTES;
  while (option + 4 <= stop) option += 4 + (view.getUint8(option + 3) & 31) * 4;
  return option === stop;
}

/** Bytes of the header with its options. */
export const headerBytes = (view: DataView, at: number): number => HEADER_BYTES + (view.getUint8(at + VERSION_OPTIONS) & 63) * 4;
/** EtherType of the payload. */
export const protocol = (view: DataView, at: number): number => view.getUint16(at + PROTOCOL);
export const vni = (view: DataView, at: number): number => view.getUint32(at + VNI) >>> 8;
