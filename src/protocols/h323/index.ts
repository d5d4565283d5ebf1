import { type ByteView, toHex } from "#base/bytes.ts";
import { Reader } from "#base/reader.ts";
import { FramedParser } from "#contract/framed-parser.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const h323Kind: Kind = defineKind({
  name: "h323",
  summary: "A message of H.323 telephony: call signalling (Q.931 of H.225) or registration (RAS).",
  fields: {
    h323: object("The message.", {
      message: text("`setup`, `connect`, `release_complete` … of calls; `registrationRequest` … of registration."),
      call_reference: optional(integer("Number of the call on this connection.")),
      calling: optional(text("Number that calls.")),
      called: optional(text("Number that is called.")),
      display: optional(text("Name that is shown.")),
      cause: optional(integer("Why the call ended (Q.850).")),
      bytes: integer("Length of the message.", { unit: "bytes" }),
    }),
  },
  columns: [
    { name: "message", path: "h323.message", type: "text", doc: "Name of the message.", index: true },
    { name: "calling", path: "h323.calling", type: "text", doc: "Number that calls." },
    { name: "called", path: "h323.called", type: "text", doc: "Number that is called." },
  ],
});

/** TPKT (RFC 1006): version 3, a zero, the length of all. */
const TPKT_BYTES = 4;
const headBytesMax = 512;
const Q931 = 8;
const textBytesMax = 128;
const elementsMax = 32;
const MESSAGES: { readonly [type: number]: string } = {
  1: "alerting",
  2: "call_proceeding",
  3: "progress",
  5: "setup",
  7: "connect",
  13: "setup_acknowledge",
  15: "connect_acknowledge",
  77: "release",
  90: "release_complete",
  98: "facility",
  110: "notify",
  117: "status_enquiry",
  123: "information",
  125: "status",
};
/** Choices of RasMessage in H.225.0, in their order. */
const RAS =
  "gatekeeperRequest gatekeeperConfirm gatekeeperReject registrationRequest registrationConfirm registrationReject unregistrationRequest unregistrationConfirm unregistrationReject admissionRequest admissionConfirm admissionReject bandwidthRequest bandwidthConfirm bandwidthReject disengageRequest disengageConfirm disengageReject locationRequest locationConfirm locationReject infoRequest infoRequestResponse nonStandardMessage unknownMessageResponse".split(
    " ",
  );
/** Identifier of H.225.0 as it stands in messages: itu-t(0) recommendation(0) h(8) 2250. */
const IDENTIFIER = "0008914a";

/** Reads Q.931 messages: a `h323` event for each. H.245, tunnelled or on a connection of its own, is passed over. */
class SignallingParser extends FramedParser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    super(headBytesMax);
    this.#context = context;
  }

  protected lengthOf(_side: Side, { bytes, view, end }: ByteView, at: number): number {
    if ((bytes[at] as number) !== 3) return FAILED;
    if (end - at < TPKT_BYTES) return 0;
    const length = view.getUint16(at + 2);
    return length < TPKT_BYTES ? FAILED : length;
  }

  protected message(side: Side, view: ByteView, at: number, end: number, length: number): number {
    const fields = new Reader(view, at + TPKT_BYTES, end);
    if (fields.u8() !== Q931) return 0;
    const referenceBytes = fields.u8();
    let reference = 0;
    for (let i = 0; i < Math.min(referenceBytes, 3); i++) reference = reference * 256 + (fields.u8() & (i === 0 ? 0x7f : 0xff));
    const message = MESSAGES[fields.u8()];
    if (message === undefined || fields.short) return 0;
    const told: Transaction = { message, call_reference: reference, bytes: length };
    readElements(told, view, fields);
    this.#context.emit("h323", side, this.#transactions++, told);
    return 0;
  }
}

/** Information elements of Q.931 §4.5: one byte, or a length behind the type. */
function readElements(told: Transaction, view: ByteView, fields: Reader): void {
  for (let i = 0; i < elementsMax && fields.left > 1; i++) {
    const type = fields.u8();
    if (type >= 0x80) continue;
    // User to user: H.225 itself, with a length of two bytes; it is the last.
    if (type === 0x7e) return;
    const length = fields.u8();
    const value = new Reader(view, fields.at, Math.min(fields.end, fields.at + length));
    fields.skip(length);
    if (type === 0x28) told["display"] = value.rest(textBytesMax);
    else if (type === 0x08) {
      value.u8();
      told["cause"] = value.u8() & 0x7f;
    } else if (type === 0x6c || type === 0x70) {
      // Octets that tell the plan go on until one has its highest bit set.
      for (let octet = value.u8(); octet < 0x80 && value.left > 0; octet = value.u8());
      told[type === 0x6c ? "calling" : "called"] = value.rest(textBytesMax);
    }
  }
}

/** Reads registration over datagrams: the choice of each message (PER, aligned). */
class RegistrationParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    const message = RAS[((bytes[at] as number) & 0x7f) >>> 2];
    if (end - at < 4 || message === undefined) return FAILED;
    this.#context.emit("h323", side, this.#transactions++, { message, bytes: end - at });
    return end - at;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

function probe(_side: Side, { bytes, view, at, end }: ByteView): Probe {
  const wanted = [3, 0];
  for (let i = 0; i < 2; i++) if (at + i < end && bytes[at + i] !== wanted[i]) return Probe.no;
  if (at + 4 < end && bytes[at + 4] !== Q931) return Probe.no;
  if (at + 5 < end && bytes[at + 5] !== 2) return Probe.no;
  if (end - at < 9) return Probe.more;
  return view.getUint16(at + 2) >= 9 && MESSAGES[bytes[at + 8] as number] !== undefined ? Probe.yes : Probe.no;
}

/** The identifier stands near the beginning of nearly all messages. */
function probeRegistration({ bytes, at, end }: ByteView): Probe {
  if (end - at < 12 || ((bytes[at] as number) & 0x80) !== 0) return Probe.no;
  return toHex(bytes, at + 3, Math.min(end, at + 16)).includes(IDENTIFIER) ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "h323",
  summary: "H.323 telephony: call signalling and registration, their headers.",
  kinds: [h323Kind],
  protocols: [
    { name: "h323", depth: "header", transports: ["tcp"], ports: [1720], probe, create: (context) => new SignallingParser(context) },
    {
      name: "h323",
      depth: "header",
      transports: ["udp"],
      ports: [1719],
      probe: (_side, view) => probeRegistration(view),
      create: (context) => new RegistrationParser(context),
    },
  ],
});
