/**
 * VXLAN (RFC 7348), with group policy, and VXLAN-GPE (draft-ietf-nvo3-vxlan-gpe). UDP says nothing of what it carries,
 * so these answer a guess: false means that the datagram is something else, which is no error.
 */
const FLAGS = 0;
const NEXT_PROTOCOL = 3;
const VNI = 4;
export const HEADER_BYTES = 8;

const VNI_VALID = 0x08;
const GPE_NEXT_PROTOCOL = 0x04;
const GPE_VERSION = 0x30;

/**
 * True when an Ethernet frame may follow. Reserved fields are not looked at: RFC 7348 has receivers ignore them, and
 * group policy uses them.
 */
export const matches = (view: DataView, at: number, end: number): boolean =>
  end - at >= HEADER_BYTES && (view.getUint8(at + FLAGS) & VNI_VALID) !== 0;

/** True for a VXLAN-GPE header of version 0 that names its payload. */
export const matchesGpe = (view: DataView, at: number, end: number): boolean =>
  end - at >= HEADER_BYTES &&
  (view.getUint8(at + FLAGS) & (VNI_VALID | GPE_NEXT_PROTOCOL | GPE_VERSION)) === (VNI_VALID | GPE_NEXT_PROTOCOL);

export const vni = (view: DataView, at: number): number => view.getUint32(at + VNI) >>> 8;
/** GPE: 1 IPv4, 2 IPv6, 3 Ethernet, 5 MPLS. */
export const nextProtocol = (view: DataView, at: number): number => view.getUint8(at + NEXT_PROTOCOL);
