import type { Random } from "#base/random.ts";
import type { Browser } from "./browsers.ts";
import { ByteWriter } from "./byte-writer.ts";

/** Record and handshake types of RFC 8446 and RFC 5246. */
const Record = { changeCipher: 20, handshake: 22, data: 23 } as const;
const Handshake = { clientHello: 1, serverHello: 2, newTicket: 4, certificate: 11, keyExchange: 12, helloDone: 14, clientKey: 16 } as const;
const Extension = {
  serverName: 0,
  statusRequest: 5,
  groups: 10,
  pointFormats: 11,
  signatures: 13,
  protocols: 16,
  timestamps: 18,
  padding: 21,
  extendedSecret: 23,
  compressCertificate: 27,
  recordLimit: 28,
  ticket: 35,
  versions: 43,
  exchangeModes: 45,
  keyShare: 51,
  transport: 57,
  settings: 17_513,
  renegotiation: 65_281,
} as const; // prettier-ignore
const TLS12 = 0x0303;
const TLS13 = 0x0304;
const X25519 = 0x001d;

/** Values that a server has to ignore (RFC 8701). */
const grease = (random: Random): number => 0x0a0a + 0x1010 * random.between(0, 16);

export interface Hello {
  readonly name: string;
  /** Protocols offered in ALPN. */
  readonly protocols: readonly string[];
  /** Transport parameters, when the hello travels in QUIC (RFC 9001 8.2). */
  readonly transport?: Uint8Array;
}

/** A record around handshake messages or encrypted bytes. */
export function tlsRecord(type: number, body: Uint8Array, version = TLS12): Uint8Array {
  return new ByteWriter(body.length + 5)
    .u8(type)
    .u16(version)
    .sized(2, (writer) => writer.bytes(body))
    .done();
}

const handshakeRecord = (body: Uint8Array, version = TLS12): Uint8Array => tlsRecord(Record.handshake, body, version);

/** What a browser sends first over TCP. */
export const clientHello = (random: Random, browser: Browser, hello: Hello): Uint8Array =>
  handshakeRecord(clientHelloMessage(random, browser, hello), 0x0301);

/** The same without a record around it. */
export function clientHelloMessage(random: Random, browser: Browser, hello: Hello): Uint8Array {
  const [first, second] = [grease(random), grease(random)];
  const writer = new ByteWriter(700).u8(Handshake.clientHello);
  writer.sized(3, () => {
    writer.u16(TLS12).bytes(random.bytes(32));
    writer.sized(1, () =>
      writer.bytes(browser.versions.includes(TLS13) && hello.transport === undefined ? random.bytes(32) : new Uint8Array(0)),
    );
    writer.sized(2, () => writer.u16(...(browser.greased ? [first] : []), ...browser.ciphers));
    writer.u8(1, 0);
    writer.sized(2, () => {
      const order = browser.shuffled ? shuffled(random, browser.extensions) : browser.extensions;
      if (browser.greased) writer.u16(second, 0);
      for (const extension of order) clientExtension(writer, random, browser, hello, extension);
      if (browser.greased) writer.u16(second ^ 0x1010, 1).u8(0);
    });
  });
  return writer.done();
}

function clientExtension(writer: ByteWriter, random: Random, browser: Browser, hello: Hello, type: number): void {
  writer.u16(type).sized(2, () => {
    if (type === Extension.serverName) writer.sized(2, () => writer.u8(0).sized(2, () => writer.text(hello.name)));
    else if (type === Extension.statusRequest) writer.u8(1).u32(0);
    else if (type === Extension.groups) writer.sized(2, () => writer.u16(...(browser.greased ? [grease(random)] : []), ...browser.groups));
    else if (type === Extension.pointFormats) writer.u8(1, 0);
    else if (type === Extension.signatures) writer.sized(2, () => writer.u16(...browser.signatures));
    else if (type === Extension.protocols)
      writer.sized(2, () => {
        for (const protocol of hello.protocols) writer.sized(1, () => writer.text(protocol));
      });
    else if (type === Extension.versions)
      writer.sized(1, () => writer.u16(...(browser.greased ? [grease(random)] : []), ...browser.versions));
    else if (type === Extension.exchangeModes) writer.u8(1, 1);
    else if (type === Extension.keyShare) writer.sized(2, () => writer.u16(X25519).sized(2, () => writer.bytes(random.bytes(32))));
    else if (type === Extension.compressCertificate) writer.sized(1, () => writer.u16(2));
    else if (type === Extension.recordLimit) writer.u16(0x4001);
    else if (type === Extension.settings) writer.sized(2, () => writer.sized(1, () => writer.text("h2")));
    else if (type === Extension.renegotiation) writer.u8(0);
    else if (type === Extension.transport) writer.bytes(hello.transport ?? new Uint8Array(0));
  });
}

/** Fisher–Yates. */
function shuffled(random: Random, items: readonly number[]): number[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.between(0, i + 1);
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
  return order;
}

/** The server's first flight of TLS 1.3: hello in the clear, the rest as `hiddenBytes` of encrypted bytes. */
export function serverFlight13(random: Random, cipher: number, hidden: Uint8Array): Uint8Array {
  const hello = serverHello13(random, cipher, 32);
  return join([handshakeRecord(hello), changeCipher(), tlsRecord(Record.data, hidden)]);
}

/** The hello alone, for QUIC too: `sessionBytes` is 0 there. */
export const serverHello13 = (random: Random, cipher: number, sessionBytes: number): Uint8Array =>
  serverHello(random, cipher, sessionBytes, (writer) => {
    writer.u16(Extension.versions, 2, TLS13);
    writer.u16(Extension.keyShare, 36, X25519, 32).bytes(random.bytes(32));
  });

/** The server's first flight of TLS 1.2, with its certificates. */
export function serverFlight12(
  random: Random,
  cipher: number,
  protocol: string | undefined,
  certificates: readonly Uint8Array[],
): Uint8Array {
  const hello = serverHello(random, cipher, 32, (writer) => {
    writer.u16(Extension.renegotiation, 1).u8(0);
    writer.u16(Extension.pointFormats, 2).u8(1, 0);
    writer.u16(Extension.extendedSecret, 0);
    if (protocol !== undefined)
      writer.u16(Extension.protocols).sized(2, () => writer.sized(2, () => writer.sized(1, () => writer.text(protocol))));
  });
  const chain = new ByteWriter(2048).u8(Handshake.certificate).sized(3, (writer) =>
    writer.sized(3, () => {
      for (const certificate of certificates) writer.sized(3, () => writer.bytes(certificate));
    }),
  );
  const exchange = new ByteWriter(256).u8(Handshake.keyExchange).sized(3, (writer) => {
    writer
      .u8(3)
      .u16(X25519)
      .sized(1, () => writer.bytes(random.bytes(32)));
    writer.u16(0x0804).sized(2, () => writer.bytes(random.bytes(256)));
  });
  const end = Uint8Array.of(Handshake.helloDone, 0, 0, 0);
  return join([hello, chain.done(), exchange.done(), end].map((message) => handshakeRecord(message)));
}

/** The client's second flight of TLS 1.2: key, change of cipher, encrypted end. */
export function clientFinish12(random: Random): Uint8Array {
  const key = new ByteWriter(64).u8(Handshake.clientKey).sized(3, (writer) => writer.sized(1, () => writer.bytes(random.bytes(32))));
  return join([handshakeRecord(key.done()), changeCipher(), handshakeRecord(random.bytes(40))]);
}

/** The server's answer to it, with a ticket. */
export function serverFinish12(random: Random): Uint8Array {
  const ticket = new ByteWriter(256)
    .u8(Handshake.newTicket)
    .sized(3, (writer) => writer.u32(7200).sized(2, () => writer.bytes(random.bytes(192))));
  return join([handshakeRecord(ticket.done()), changeCipher(), handshakeRecord(random.bytes(40))]);
}

/** The client's second flight of TLS 1.3. */
export const clientFinish13 = (random: Random): Uint8Array => join([changeCipher(), tlsRecord(Record.data, random.bytes(53))]);

function serverHello(random: Random, cipher: number, sessionBytes: number, extensions: (writer: ByteWriter) => void): Uint8Array {
  const writer = new ByteWriter(160).u8(Handshake.serverHello);
  writer.sized(3, () => {
    writer.u16(TLS12).bytes(random.bytes(32)).u8(sessionBytes).bytes(random.bytes(sessionBytes)).u16(cipher).u8(0);
    writer.sized(2, () => extensions(writer));
  });
  return writer.done();
}

const changeCipher = (): Uint8Array => Uint8Array.of(Record.changeCipher, 3, 3, 0, 1, 1);

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
