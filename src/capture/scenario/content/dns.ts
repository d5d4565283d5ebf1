import { ByteWriter } from "./byte-writer.ts";

/** Record types (IANA). */
export const RecordType = { a: 1, cname: 5, soa: 6, ptr: 12, mx: 15, txt: 16, aaaa: 28, srv: 33, https: 65 } as const;
export type RecordType = (typeof RecordType)[keyof typeof RecordType];

export interface Answer {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  readonly data: Uint8Array;
}

const IN = 1;
const OPT = 41;
const FLAGS_QUERY = 0x0100;
const FLAGS_ANSWER = 0x8180;
export const nameError = 3;

/** A query of a stub resolver, with EDNS when `payloadBytes` is not 0 (RFC 6891). */
export function dnsQuery(id: number, name: string, type: RecordType, payloadBytes = 0): Uint8Array {
  const writer = new ByteWriter(64).u16(id, FLAGS_QUERY, 1, 0, 0, payloadBytes === 0 ? 0 : 1);
  dnsName(writer, name).u16(type, IN);
  if (payloadBytes > 0) writer.u8(0).u16(OPT, payloadBytes).u32(0).u16(0);
  return writer.done();
}

/** The answer to it; names equal to the question's are compressed (RFC 1035 4.1.4). */
export function dnsAnswer(
  id: number,
  name: string,
  type: RecordType,
  answers: readonly Answer[],
  code = 0,
  authority: readonly Answer[] = [],
): Uint8Array {
  const writer = new ByteWriter(256).u16(id, FLAGS_ANSWER | code, 1, answers.length, authority.length, 0);
  dnsName(writer, name).u16(type, IN);
  for (const answer of [...answers, ...authority]) {
    if (answer.name === name) writer.u16(0xc00c);
    else dnsName(writer, answer.name);
    writer.u16(answer.type, IN).u32(answer.ttl);
    writer.sized(2, () => writer.bytes(answer.data));
  }
  return writer.done();
}

export function dnsName(writer: ByteWriter, name: string): ByteWriter {
  for (const label of name.split(".")) if (label !== "") writer.u8(label.length).text(label);
  return writer.u8(0);
}

export const nameData = (name: string): Uint8Array => dnsName(new ByteWriter(64), name).done();
export const addressData = (words: readonly number[]): Uint8Array => new ByteWriter(16).u32(...words).done();

/** Strings of a TXT record, each at most 255 bytes. */
export function textData(texts: readonly string[]): Uint8Array {
  const writer = new ByteWriter(256);
  for (const text of texts) writer.sized(1, () => writer.text(text));
  return writer.done();
}

/** An HTTPS record of service mode that names the protocols (RFC 9460). */
export function httpsData(protocols: readonly string[]): Uint8Array {
  const writer = new ByteWriter(64).u16(1).u8(0).u16(1);
  writer.sized(2, () => {
    for (const protocol of protocols) writer.sized(1, () => writer.text(protocol));
  });
  return writer.done();
}

/** The zone's SOA, which stands in the authority of answers that say no (RFC 2308). */
export function soaAnswer(zone: string, serial: number): Answer {
  const writer = dnsName(dnsName(new ByteWriter(64), `ns1.${zone}`), `hostmaster.${zone}`);
  return { name: zone, type: RecordType.soa, ttl: 300, data: writer.u32(serial, 7200, 900, 1_209_600, 300).done() };
}
