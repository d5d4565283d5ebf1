import { type ByteView, toHex } from "#base/bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Parser, ParserContext, Side, Transaction } from "#contract/parser.ts";
import { giveText } from "#contract/rule-values.ts";
import { nameOf, PAYLOADS } from "./names.ts";
import { Payloads, readPayloads } from "./payloads.ts";
import { EXCHANGE, FLAGS, HEADER_BYTES, headerAt, MESSAGE, NEXT, VERSION } from "./probe.ts";

const ENCRYPTED_FLAG = 1;
const INITIATOR_FLAG = 8;
const IKE_SA_INIT = 34;

/** Reads IKE: an event for each message. ESP shares port 4500 and is passed over. */
export class IkeParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;
  #domain: number | undefined;
  /** What the responder chose, for all later messages. */
  #chosen: Transaction = {};
  /** Public value and nonce of initiator and responder (version 1). */
  #parties: readonly [Transaction, Transaction] = [{}, {}];
  /** Who began the exchange at hand: either side may. */
  #initiator: Side = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, window: ByteView): number {
    const at = headerAt(window);
    if (at >= 0) this.#message(side, window, at);
    return window.length;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}

  #message(side: Side, window: ByteView, at: number): void {
    const { bytes, view, end } = window;
    const version = bytes[at + VERSION] as number;
    const isOld = version >> 4 === 1;
    const flags = bytes[at + FLAGS] as number;
    const first = bytes[at + NEXT] as number;
    const isEncrypted = isOld && (flags & ENCRYPTED_FLAG) !== 0;
    const payloads = isEncrypted ? new Payloads() : readPayloads(window, first, at + HEADER_BYTES, end, isOld);
    if (isEncrypted) payloads.names.push(nameOf(PAYLOADS, first) ?? `Unknown_${first}`);
    if (!payloads.sound) this.#context.anomaly(side, "malformed_data");
    const fields: Transaction = {
      version_major: version >> 4,
      version_minor: version & 15,
      init_spi: toHex(bytes, at, at + 8),
      resp_spi: toHex(bytes, at + 8, at + 16),
      message_id: view.getUint32(at + MESSAGE),
      exchange_type: bytes[at + EXCHANGE],
    };
    if (isOld && view.getUint32(at + 8) === 0 && view.getUint32(at + 12) === 0) {
      this.#initiator = side;
      this.#chosen = {};
      this.#parties = [{}, {}];
    }
    if (isOld) this.#old(side, fields, payloads, isEncrypted);
    else this.#new(side, fields, payloads, (flags & INITIATOR_FLAG) !== 0);
    const txId = this.#transactions++;
    const { rules } = this.#context;
    if (rules !== undefined) this.#give(rules, side, txId, bytes, payloads, isOld || (flags & INITIATOR_FLAG) === 0);
    this.#context.emit("ike", side, txId, fields);
  }

  #give(rules: RuleTap, side: Side, txId: number, bytes: Uint8Array, payloads: Payloads, answers: boolean): void {
    for (const [word, value] of [
      ["ike.key_exchange_payload", payloads.key],
      ["ike.nonce_payload", payloads.nonce],
    ] as const) {
      if (value === undefined) continue;
      if (rules.wants(word)) rules.value(word, side, txId, bytes, value.at, value.end);
      rules.number(`${word}_length`, side, txId, value.end - value.at);
    }
    if (!answers) return;
    for (const [name, number] of payloads.numbers) giveText(rules, "ike.chosen_sa_attribute", side, txId, `${name}=${number}`);
    if (side === this.#initiator) return;
    for (const [name, value] of Object.entries(payloads.proposals[0] ?? {}))
      if (name.endsWith("_raw")) giveText(rules, "ike.chosen_sa_attribute", side, txId, `${name.slice(0, -4)}=${String(value)}`);
  }

  #old(side: Side, fields: Transaction, payloads: Payloads, isEncrypted: boolean): void {
    this.#domain = payloads.domain ?? this.#domain;
    const isInitiator = side === this.#initiator;
    if (!isInitiator && payloads.proposals.length > 0) this.#chosen = payloads.proposals[0] as Transaction;
    Object.assign(fields, this.#chosen);
    fields["payload"] = payloads.names;
    const own: Transaction = { ...(this.#domain === undefined ? {} : { doi: this.#domain }), encrypted_payloads: isEncrypted };
    fields["ikev1"] = own;
    if (isEncrypted) return;
    const known = this.#parties[isInitiator ? 0 : 1];
    if (payloads.key !== undefined) {
      known["key_exchange_payload"] = payloads.key.hex;
      known["key_exchange_payload_length"] = payloads.key.end - payloads.key.at;
    }
    if (payloads.nonce !== undefined) {
      known["nonce_payload"] = payloads.nonce.hex;
      known["nonce_payload_length"] = payloads.nonce.end - payloads.nonce.at;
    }
    const offered = isInitiator && payloads.proposals.length > 0 ? { proposals: payloads.proposals } : {};
    own["client"] = { ...this.#parties[0], ...offered };
    own["server"] = { ...this.#parties[1] };
    if (payloads.vendors.length > 0) own["vendor_ids"] = payloads.vendors;
  }

  #new(side: Side, fields: Transaction, payloads: Payloads, isInitiator: boolean): void {
    fields["role"] = isInitiator ? "initiator" : "responder";
    if (!isInitiator && payloads.chosen !== undefined && fields["exchange_type"] === IKE_SA_INIT) {
      this.#chosen = payloads.chosen;
      for (const event of payloads.weak) this.#context.anomaly(side, event);
    }
    if (!isInitiator) Object.assign(fields, this.#chosen);
    fields["payload"] = payloads.names;
    fields["ikev2"] = { errors: payloads.errors, ...(payloads.notify.length > 0 ? { notify: payloads.notify } : {}) };
  }
}
