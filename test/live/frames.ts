/** What distinguishes one test frame from another. */
export interface DatagramFields {
  /** IPv4 identification. */
  readonly id: number;
  readonly port: number;
  /** Bytes behind the UDP header. */
  readonly payload: number;
  /** Last byte of the client's address. */
  readonly host?: number;
  /** From the server to the client. */
  readonly back?: boolean;
}

/** An Ethernet frame with a UDP datagram from 10.9.0.HOST to 10.9.1.1 (or back); the payload depends on `id`. */
export function datagram(fields: DatagramFields): Uint8Array {
  const { id, port, payload, host = 1, back = false } = fields;
  const frame = new Uint8Array(42 + payload);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0, 0x45, 0]);
  view.setUint16(16, 28 + payload);
  view.setUint16(18, id);
  frame.set([0x40, 0, 64, 17], 20);
  frame.set(back ? [10, 9, 1, 1, 10, 9, 0, host] : [10, 9, 0, host, 10, 9, 1, 1], 26);
  let sum = 0;
  for (let i = 14; i < 34; i += 2) sum += view.getUint16(i);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  view.setUint16(24, ~sum & 0xffff);
  view.setUint16(34, port);
  view.setUint16(36, 53);
  view.setUint16(38, 8 + payload);
  for (let i = 0; i < payload; i++) frame[42 + i] = (id * 31 + i) & 0xff;
  return frame;
}

/** The frame with a VLAN tag between the addresses and the type. */
export function tagged(frame: Uint8Array, protocol: number, control: number): Uint8Array {
  const longer = new Uint8Array(frame.length + 4);
  longer.set(frame.subarray(0, 12));
  longer.set([protocol >> 8, protocol & 0xff, control >> 8, control & 0xff], 12);
  longer.set(frame.subarray(12), 16);
  return longer;
}
