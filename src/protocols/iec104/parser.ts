import type { ByteView } from "#base/bytes.ts";
import { MessagePlace } from "#base/message-place.ts";
import { type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";

const START = 0x68;
/** Start, length, four control octets; the length counts from the control octets. */
const HEADER_BYTES = 6;
const LENGTH_MIN = 4;
const LENGTH_MAX = 253;
/** Type, number of objects, cause, originator, station, address of an object. */
const DATA_BYTES = 9;

/** First control octet of U messages (IEC 60870-5-104 §5.3). */
const FUNCTIONS: { readonly [octet: number]: string } = {
  7: "startdt_act",
  11: "startdt_con",
  19: "stopdt_act",
  35: "stopdt_con",
  67: "testfr_act",
  131: "testfr_con",
};

/** Names by type (IEC 60870-5-101 §7.2.1.1, -104 §8): number, then names from it on; `-` where there is none. */
const TYPES =
  "1 M_SP_NA M_SP_TA M_DP_NA M_DP_TA M_ST_NA M_ST_TA M_BO_NA M_BO_TA M_ME_NA M_ME_TA M_ME_NB M_ME_TB M_ME_NC M_ME_TC M_IT_NA M_IT_TA M_EP_TA M_EP_TB M_EP_TC M_PS_NA M_ME_ND|" +
  "30 M_SP_TB M_DP_TB M_ST_TB M_BO_TB M_ME_TD M_ME_TE M_ME_TF M_IT_TB M_EP_TD M_EP_TE M_EP_TF|" +
  "45 C_SC_NA C_DC_NA C_RC_NA C_SE_NA C_SE_NB C_SE_NC C_BO_NA|58 C_SC_TA C_DC_TA C_RC_TA C_SE_TA C_SE_TB C_SE_TC C_BO_TA|70 M_EI_NA|" +
  "100 C_IC_NA C_CI_NA C_RD_NA C_CS_NA C_TS_NA C_RP_NA C_CD_NA C_TS_TA|110 P_ME_NA P_ME_NB P_ME_NC P_AC_NA|" +
  "120 F_FR_NA F_SR_NA F_SC_NA F_LS_NA F_AF_NA F_SG_NA F_DR_TA F_SC_NB";
let names: Map<number, string> | undefined;
function typeName(type: number): string | undefined {
  names ??= new Map(
    TYPES.split("|").flatMap((row) => {
      const [first, ...list] = row.split(" ") as [string, ...string[]];
      return list.map((name, index): [number, string] => [Number(first) + index, `${name}_1`]);
    }),
  );
  return names.get(type);
}

type Format = "I" | "S" | "U" | undefined;

/** Kind of the message at `at`, whose header is there; `undefined` when it is none. */
function formatOf(bytes: Uint8Array, at: number): Format {
  const length = bytes[at + 1] as number;
  const [first, second, third, fourth] = bytes.subarray(at + 2, at + 6) as unknown as [number, number, number, number];
  if (bytes[at] !== START || length < LENGTH_MIN || length > LENGTH_MAX) return undefined;
  if ((first & 1) === 0) return (third & 1) === 0 && length >= LENGTH_MIN + DATA_BYTES ? "I" : undefined;
  if (length !== LENGTH_MIN) return undefined;
  if (first === 1) return second === 0 && (third & 1) === 0 ? "S" : undefined;
  return FUNCTIONS[first] !== undefined && second === 0 && third === 0 && fourth === 0 ? "U" : undefined;
}

/** A start octet, and control octets that fit the length; data of a known kind for a known cause. */
export function probe(_side: Side, { bytes, at, end }: ByteView, usualPort: boolean): Probe {
  if (at < end && bytes[at] !== START) return Probe.no;
  if (end - at < HEADER_BYTES) return Probe.more;
  const format = formatOf(bytes, at);
  if (format === undefined) return Probe.no;
  if (format !== "I") return Probe.yes;
  if (end - at < HEADER_BYTES + DATA_BYTES) return Probe.more;
  const cause = (bytes[at + 8] as number) & 0x3f;
  if (typeName(bytes[at + 6] as number) === undefined || cause === 0 || cause > 47 || bytes[at + 7] === 0) return Probe.no;
  return usualPort ? Probe.yes : Probe.maybe;
}

/** Reads IEC 104: an event for each message but bare acknowledgements. */
export class Iec104Parser implements Parser {
  readonly #context: ParserContext;
  readonly #places: readonly [MessagePlace, MessagePlace] = [new MessagePlace(), new MessagePlace()];
  /** True while the next message is searched for by its start. */
  readonly #lost: [boolean, boolean] = [false, false];
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, view: ByteView): number {
    const { bytes, end } = view;
    const place = this.#places[side];
    let at = place.enter(view);
    while (at < end) {
      if (end - at < HEADER_BYTES) return place.wait(view, at, 0);
      const format = formatOf(bytes, at);
      if (format === undefined) {
        if (!this.#lost[side]) this.#context.anomaly(side, "malformed_data");
        this.#lost[side] = true;
        do at++;
        while (at < end && bytes[at] !== START);
        continue;
      }
      this.#lost[side] = false;
      const length = 2 + (bytes[at + 1] as number);
      if (end - at < length) return place.wait(view, at, length);
      if (format !== "S") this.#context.emit("iec104", side, this.#transactions++, format === "U" ? control(bytes, at) : data(view, at));
      at += length;
    }
    return view.length;
  }

  gap(side: Side, bytes: number): boolean {
    if (!this.#places[side].gap(bytes)) this.#lost[side] = true;
    return true;
  }

  end(): void {}
}

const control = (bytes: Uint8Array, at: number): Transaction => ({ format: "U", function: FUNCTIONS[bytes[at + 2] as number] });

function data({ bytes, view }: ByteView, at: number): Transaction {
  const type = bytes[at + 6] as number;
  const count = bytes[at + 7] as number;
  const cause = bytes[at + 8] as number;
  const name = typeName(type);
  return {
    format: "I",
    type_id: type,
    ...(name === undefined ? {} : { type: name }),
    objects: count & 0x7f,
    sequence: (count & 0x80) !== 0,
    cause: cause & 0x3f,
    negative: (cause & 0x40) !== 0,
    test: (cause & 0x80) !== 0,
    originator: bytes[at + 9],
    common_address: view.getUint16(at + 10, true),
    ioa: view.getUint16(at + 12, true) | ((bytes[at + 14] as number) << 16),
  };
}
