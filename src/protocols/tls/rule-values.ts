import type { RuleTap } from "#contract/inspector.ts";
import { otherSide, type Side } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import type { Certificate } from "./certificate.ts";
import type { ClientHello } from "./client-hello.ts";
import { isGrease } from "./extensions.ts";
import { Handshake } from "./records.ts";

/** Place of the random in both hellos, behind the version; its first four bytes were a time once. */
const RANDOM = 2;
const RANDOM_BYTES = 32;
const TIME_BYTES = 4;

const CLIENT_KEY_EXCHANGE = 16;
const SERVER_KEY_EXCHANGE = 12;
/** Bits of `ssl_state` by type of message. */
const STATES: Readonly<Record<number, number>> = {
  [Handshake.clientHello]: 1,
  [Handshake.serverHello]: 2,
  [CLIENT_KEY_EXCHANGE]: 4,
  [SERVER_KEY_EXCHANGE]: 8,
};

/** Gives what the event does not hold as it was: randoms, certificates, numbers. */
export class RuleValues {
  readonly #rules: RuleTap;
  /** Messages that the connection has seen, as bits. */
  #state = 0;

  constructor(rules: RuleTap) {
    this.#rules = rules;
  }

  /** A handshake message whose body is `bytes[at..end)`. */
  message(side: Side, txId: number, type: number, bytes: Uint8Array, at: number, end: number): void {
    const bit = STATES[type];
    if (bit !== undefined) {
      this.#state |= bit;
      // As in Suricata, a state is seen with what the other side sends next.
      this.#rules.number("ssl_state", otherSide(side), txId, this.#state);
    }
    if ((type !== Handshake.clientHello && type !== Handshake.serverHello) || end - at < RANDOM + RANDOM_BYTES) return;
    const from = at + RANDOM;
    for (const [word, start, stop] of [
      ["tls.random", from, from + RANDOM_BYTES],
      ["tls.random_time", from, from + TIME_BYTES],
      ["tls.random_bytes", from + TIME_BYTES, from + RANDOM_BYTES],
    ] as const)
      if (this.#rules.wants(word)) this.#rules.value(word, side, txId, bytes, start, stop);
  }

  /** Version that the client would like best, or that the server has chosen. */
  version(side: Side, txId: number, version: number): void {
    this.#rules.number("tls.version", side, txId, version);
    giveText(this.#rules, "ssl_version", side, txId, VERSIONS[version]);
  }

  certificate(side: Side, txId: number, bytes: Uint8Array, from: number, to: number): void {
    if (this.#rules.wants("tls.certs")) this.#rules.value("tls.certs", side, txId, bytes, from, to);
  }

  /** All certificates of the server have been read; `time` is the packet's, µs. */
  chain(side: Side, txId: number, certificates: readonly Certificate[], time: number): void {
    const [first] = certificates;
    if (first === undefined) return;
    this.#rules.number("tls.cert_chain_len", side, txId, certificates.length);
    const { validFrom, validUntil } = first;
    if (!Number.isNaN(validFrom)) this.#rules.number("tls_cert_notbefore", side, txId, validFrom / 1_000_000);
    if (!Number.isNaN(validUntil)) this.#rules.number("tls_cert_notafter", side, txId, validUntil / 1_000_000);
    if (validUntil < time) this.#rules.number("tls_cert_expired", side, txId, 1);
    if (validFrom <= time && validUntil >= time) this.#rules.number("tls_cert_valid", side, txId, 1);
  }
}

/** As `ssl_version` has them. */
const VERSIONS: Readonly<Record<number, string>> = {
  2: "sslv2",
  768: "sslv3",
  769: "tls1.0",
  770: "tls1.1",
  771: "tls1.2",
  772: "tls1.3",
};

/** The first version that a client offers, GREASE aside. */
export const preferredVersion = ({ versions, legacyVersion }: ClientHello): number =>
  versions.find((version) => !isGrease(version)) ?? legacyVersion;
