import { Random } from "#base/random.ts";
import type { Browser } from "#capture/scenario/content/browsers.ts";
import { certificate } from "#capture/scenario/content/certificate.ts";
import {
  clientFinish12,
  clientFinish13,
  clientHello,
  serverFinish12,
  serverFlight12,
  serverFlight13,
  tlsRecord,
} from "#capture/scenario/content/tls.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

export interface TlsFacts {
  /** Name that the client asks for. */
  readonly name: string;
  readonly browser: Browser;
  readonly version: 12 | 13;
  /** Offered in ALPN; the server takes the first. */
  readonly protocols: readonly string[];
  /** Instead of what a certificate authority would put in. */
  readonly issuer?: string;
}

const APPLICATION_DATA = 23;
const RECORD_MAX = 16_384;
/** What the authentication tag and the hidden type add to a record. */
const SEAL_BYTES = 17;
/** Handed to the connection in one go, so that its memory stays small. */
const CHUNK_BYTES = 65_536;
const DAY = 86_400_000_000;

/** A TLS session over a connection: handshake, then application data of given sizes. */
export class TlsSession {
  readonly tcp: TcpConnection;
  readonly #world: World;
  readonly #random: Random;
  readonly #facts: TlsFacts;

  constructor(world: World, random: Random, tcp: TcpConnection, facts: TlsFacts) {
    this.#world = world;
    this.#random = random;
    this.tcp = tcp;
    this.#facts = facts;
  }

  /** TCP and TLS handshakes. */
  *open(): Process {
    const { tcp } = this;
    const random = this.#random;
    const { browser, name, protocols, version } = this.#facts;
    yield* tcp.open();
    yield random.between(100, 2_000);
    yield* tcp.send(Side.client, clientHello(random, browser, { name, protocols }));
    yield random.between(200, 3_000);
    if (version === 13) {
      const cipher = browser.ciphers.find((suite) => suite >> 8 === 0x13) ?? 0x1301;
      yield* tcp.send(Side.server, serverFlight13(random, cipher, this.#world.noise.bytes(random, random.between(1_900, 4_200))));
      yield* tcp.send(Side.client, clientFinish13(random));
    } else {
      const cipher = browser.ciphers.includes(0xc02f) ? 0xc02f : 0xc030;
      const protocol = browser.extensions.includes(16) ? protocols[0] : undefined;
      yield* tcp.send(Side.server, serverFlight12(random, cipher, protocol, this.#chain()));
      yield* tcp.send(Side.client, clientFinish12(random));
      yield* tcp.send(Side.server, serverFinish12(random));
    }
  }

  /** `length` bytes of application data in one direction. */
  *send(side: Side, length: number): Process {
    let left = length;
    while (left > 0) {
      const chunk = new Uint8Array(Math.min(CHUNK_BYTES, left + Math.ceil(left / RECORD_MAX) * (5 + SEAL_BYTES)));
      let at = 0;
      while (left > 0 && at + 5 + SEAL_BYTES < chunk.length) {
        const plain = Math.min(left, RECORD_MAX, chunk.length - at - 5 - SEAL_BYTES);
        const size = plain + SEAL_BYTES;
        chunk.set([APPLICATION_DATA, 3, 3, size >> 8, size & 255], at);
        this.#world.noise.fill(this.#random, chunk, at + 5, at + 5 + size);
        at += 5 + size;
        left -= plain;
      }
      yield* this.tcp.send(side, at === chunk.length ? chunk : chunk.subarray(0, at));
    }
  }

  /** Encrypted alert, then the end of the connection. */
  *close(side: Side = Side.client): Process {
    yield* this.tcp.send(
      side,
      this.#facts.version === 13 ? tlsRecord(APPLICATION_DATA, this.#random.bytes(19)) : tlsRecord(21, this.#random.bytes(26)),
    );
    yield* this.tcp.close(side);
  }

  /** The same for each name, whoever asks; issued weeks before the scenario begins. */
  #chain(): Uint8Array[] {
    const { name, issuer = "Example Test CA 3" } = this.#facts;
    let seed = 0;
    for (const letter of name) seed = Math.imul(seed, 31) + letter.charCodeAt(0);
    const random = new Random(seed);
    const organization = issuer === name ? "Default" : "Example Trust Services";
    const born = this.#world.begin - random.between(20, 60) * DAY;
    const leaf = certificate(random, {
      subject: name,
      issuer,
      organization,
      names: [name],
      from: dateText(born),
      to: dateText(born + 365 * DAY),
    });
    if (issuer === name) return [leaf];
    const root = "Example Test Root";
    const facts = { subject: issuer, issuer: root, organization, names: ["ca.example.org"], from: "240101000000Z", to: "440101000000Z" };
    return [leaf, certificate(new Random(3), facts)];
  }
}

/** `YYMMDDhhmmssZ` of the day's beginning. */
const dateText = (time: number): string => `${new Date(time / 1000).toISOString().slice(2, 10).replaceAll("-", "")}000000Z`;
