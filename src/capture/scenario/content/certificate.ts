import type { Random } from "#base/random.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Builds X.509 certificates (RFC 5280) that parse; their keys and signatures are random. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly organization: string;
  /** Names of subjectAltName. */
  readonly names: readonly string[];
  /** `YYMMDDhhmmssZ`. */
  readonly from: string;
  readonly to: string;
}

const Tag = {
  boolean: 0x01,
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  printable: 0x13,
  time: 0x17,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const; // prettier-ignore
const oid = {
  commonName: [0x55, 4, 3],
  country: [0x55, 4, 6],
  organization: [0x55, 4, 10],
  altName: [0x55, 0x1d, 0x11],
  basic: [0x55, 0x1d, 0x13],
  rsa: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1],
  sha256Rsa: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 11],
} as const; // prettier-ignore

type Write = (writer: ByteWriter) => void;

/** Tag, length in the shortest form (X.690 10.1), content. */
function put(writer: ByteWriter, tag: number, write: Write): void {
  const inner = new ByteWriter(256);
  write(inner);
  const { length } = inner;
  writer.u8(tag);
  if (length < 128) writer.u8(length);
  else if (length < 256) writer.u8(0x81, length);
  else writer.u8(0x82).u16(length);
  writer.bytes(inner.done());
}

const sequence = (writer: ByteWriter, write: Write): void => put(writer, Tag.sequence, write);
const id = (writer: ByteWriter, value: readonly number[]): void => put(writer, Tag.oid, (w) => w.u8(...value));

export function certificate(random: Random, facts: CertificateFacts): Uint8Array {
  const writer = new ByteWriter(1200);
  sequence(writer, (outer) => {
    sequence(outer, (body) => {
      put(body, Tag.version, (w) => put(w, Tag.integer, (v) => v.u8(2)));
      put(body, Tag.integer, (w) => w.u8(random.between(1, 128)).bytes(random.bytes(15)));
      algorithm(body, oid.sha256Rsa);
      distinguished(body, facts.issuer, facts.organization);
      sequence(body, (w) => {
        put(w, Tag.time, (t) => t.text(facts.from));
        put(w, Tag.time, (t) => t.text(facts.to));
      });
      distinguished(body, facts.subject, facts.subject === facts.issuer ? facts.organization : undefined);
      publicKey(body, random);
      extensions(body, facts.names);
    });
    algorithm(outer, oid.sha256Rsa);
    put(outer, Tag.bits, (w) => w.u8(0).bytes(random.bytes(256)));
  });
  return writer.done();
}

function algorithm(writer: ByteWriter, value: readonly number[]): void {
  sequence(writer, (w) => {
    id(w, value);
    w.u8(5, 0);
  });
}

function distinguished(writer: ByteWriter, commonName: string, organization: string | undefined): void {
  const part = (w: ByteWriter, type: readonly number[], tag: number, text: string): void =>
    put(w, Tag.set, (set) =>
      sequence(set, (pair) => {
        id(pair, type);
        put(pair, tag, (t) => t.text(text));
      }),
    );
  sequence(writer, (w) => {
    if (organization !== undefined) {
      part(w, oid.country, Tag.printable, "ZZ");
      part(w, oid.organization, Tag.utf8, organization);
    }
    part(w, oid.commonName, Tag.utf8, commonName);
  });
}

function publicKey(writer: ByteWriter, random: Random): void {
  sequence(writer, (w) => {
    algorithm(w, oid.rsa);
    put(w, Tag.bits, (bits) => {
      bits.u8(0);
      sequence(bits, (key) => {
        put(key, Tag.integer, (n) => n.u8(0, 0xc0 | random.between(0, 64)).bytes(random.bytes(255)));
        put(key, Tag.integer, (n) => n.u8(1, 0, 1));
      });
    });
  });
}

function extensions(writer: ByteWriter, names: readonly string[]): void {
  put(writer, Tag.extensions, (outer) =>
    sequence(outer, (list) => {
      sequence(list, (w) => {
        id(w, oid.altName);
        put(w, Tag.octets, (o) =>
          sequence(o, (all) => {
            for (const name of names) put(all, 0x82, (n) => n.text(name));
          }),
        );
      });
      sequence(list, (w) => {
        id(w, oid.basic);
        put(w, Tag.boolean, (b) => b.u8(0xff));
        put(w, Tag.octets, (o) => sequence(o, () => undefined));
      });
    }),
  );
}
