const ETHERNET_BYTES = 14;
const VLAN_BYTES = 4;

/** How far the addresses of copy k are moved. A prime step keeps copies apart that differ by few bits. */
export const addressSteps = (k: number): number => (k * 263) % 0xffff;

/**
 * Moves source and destination address of an Ethernet frame with IPv4 or IPv6 (also behind VLAN tags). What is added to
 * the upper 16-bit word of an address is taken from the next one, in one's complement: every checksum stays as it was.
 */
export function moveAddresses(data: Buffer, frame: number, length: number, step: number): void {
  if (length < ETHERNET_BYTES) return;
  let at = ETHERNET_BYTES;
  let type = data.readUInt16BE(frame + 12);
  while ((type === 0x8100 || type === 0x88a8) && length >= at + VLAN_BYTES) {
    type = data.readUInt16BE(frame + at + 2);
    at += VLAN_BYTES;
  }
  if (type === 0x0800 && length >= at + 20) {
    move(data, frame + at + 12, step);
    move(data, frame + at + 16, step);
  } else if (type === 0x86dd && length >= at + 40) {
    move(data, frame + at + 8, step);
    move(data, frame + at + 24, step);
  }
}

function move(data: Buffer, at: number, step: number): void {
  const upper = data.readUInt16BE(at) + step;
  const lower = data.readUInt16BE(at + 2) - step;
  data.writeUInt16BE(upper > 0xffff ? upper - 0xffff : upper, at);
  data.writeUInt16BE(lower < 0 ? lower + 0xffff : lower, at + 2);
}
