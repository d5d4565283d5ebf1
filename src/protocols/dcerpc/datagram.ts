import type { ByteView } from "#base/bytes.ts";
import { type Parser, type ParserContext, Side, type Transaction } from "#contract/parser.ts";
import { giveCall } from "./call-values.ts";
import { procedureName, serviceName } from "./interfaces.ts";
import { typeName, uuidText } from "./pdu.ts";
import { StubBytes } from "./stub-bytes.ts";

/** Connectionless PDUs (C706 §12.5): one header for all types. */
const TYPE = 1;
const FLAGS_1 = 2;
const FLAGS_2 = 3;
const DATA_REPRESENTATION = 4;
const INTERFACE = 24;
const ACTIVITY = 40;
const INTERFACE_VERSION = 60;
const SEQUENCE = 64;
const OPERATION = 68;
const BODY_LENGTH = 74;
export const HEADER_BYTES = 80;
const LAST_FRAGMENT = 0x02;
const FRAGMENT = 0x04;
const REQUEST = 0;
const RESPONSE = 2;
const FAULT = 3;
const REJECT = 6;

/** Calls whose answer has not come that are remembered; beyond, the oldest is told as unanswered. */
const callsMax = 32;

const little = (view: DataView, at: number): boolean => (view.getUint8(at + DATA_REPRESENTATION) & 0x10) !== 0;
export const bodyBytes = (view: DataView, at: number): number => view.getUint16(at + BODY_LENGTH, little(view, at));
/** Type, flags and representation are ones that exist; HEADER_BYTES must be there. */
export const plausible = (view: DataView, at: number): boolean =>
  view.getUint8(at + TYPE) <= 10 &&
  (view.getUint8(at + FLAGS_1) & 0x81) === 0 &&
  (view.getUint8(at + FLAGS_2) & 0xfd) === 0 &&
  (view.getUint8(at + DATA_REPRESENTATION) & 0xef) === 0 &&
  view.getUint16(at + DATA_REPRESENTATION + 1) === 0;
export const interfaceKnown = (view: DataView, at: number): boolean =>
  serviceName(uuidText(view, at + INTERFACE, little(view, at))) !== undefined;

interface DatagramCall {
  readonly txId: number;
  readonly activity: string;
  readonly sequence: number;
  readonly uuid: string;
  readonly version: string;
  readonly opnum: number;
  readonly asked: boolean;
  requestFragments: number;
  requestBytes: number;
  responseFragments: number;
  responseBytes: number;
  response: number | undefined;
  readonly isLittle: boolean;
  readonly stubs: StubBytes | undefined;
}

/** DCE/RPC over UDP: calls are told apart by activity and sequence number. */
export class DcerpcDatagramParser implements Parser {
  readonly #context: ParserContext;
  readonly #calls = new Map<string, DatagramCall>();
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(_side: Side, input: ByteView): number {
    const { view, at, end } = input;
    const all = end - at;
    if (all < HEADER_BYTES || view.getUint8(at) !== 4 || !plausible(view, at)) return all;
    const type = view.getUint8(at + TYPE);
    const stub = Math.min(bodyBytes(view, at), all - HEADER_BYTES);
    if (type === REQUEST) {
      const call = this.#find(view, at) ?? this.#begin(view, at, true);
      call.requestFragments++;
      call.requestBytes += stub;
      call.stubs?.add(Side.toServer, view, at + HEADER_BYTES, at + HEADER_BYTES + stub);
    } else if (type === RESPONSE || type === FAULT || type === REJECT) {
      const call = this.#find(view, at) ?? this.#begin(view, at, false);
      call.response = type;
      call.responseFragments++;
      call.responseBytes += stub;
      call.stubs?.add(Side.toClient, view, at + HEADER_BYTES, at + HEADER_BYTES + stub);
      const flags = view.getUint8(at + FLAGS_1);
      if ((flags & FRAGMENT) === 0 || (flags & LAST_FRAGMENT) !== 0) this.#close(call);
    }
    return all;
  }

  gap(): boolean {
    return true;
  }

  end(): void {
    for (const call of this.#calls.values()) this.#tell(call);
    this.#calls.clear();
  }

  #find(view: DataView, at: number): DatagramCall | undefined {
    return this.#calls.get(key(view, at));
  }

  #begin(view: DataView, at: number, asked: boolean): DatagramCall {
    if (this.#calls.size >= callsMax) this.#close(this.#calls.values().next().value as DatagramCall);
    const order = little(view, at);
    const version = view.getUint32(at + INTERFACE_VERSION, order);
    const call: DatagramCall = {
      txId: this.#transactions++,
      activity: uuidText(view, at + ACTIVITY, order),
      sequence: view.getUint32(at + SEQUENCE, order),
      uuid: uuidText(view, at + INTERFACE, order),
      version: `${version & 0xffff}.${version >>> 16}`,
      opnum: view.getUint16(at + OPERATION, order),
      asked,
      requestFragments: 0,
      requestBytes: 0,
      responseFragments: 0,
      responseBytes: 0,
      response: undefined,
      isLittle: order,
      stubs: StubBytes.wantedBy(this.#context.rules),
    };
    this.#calls.set(key(view, at), call);
    return call;
  }

  #close(call: DatagramCall): void {
    this.#calls.delete(`${call.activity} ${call.sequence}`);
    this.#tell(call);
  }

  #tell(call: DatagramCall): void {
    const { uuid, version, opnum } = call;
    const bound: Transaction = { uuid, version };
    const service = serviceName(uuid);
    if (service !== undefined) bound["service"] = service;
    const procedure = procedureName(uuid, opnum);
    if (procedure !== undefined) bound["procedure"] = procedure;
    const fields: Transaction = { request: call.asked ? "REQUEST" : "REQUEST_LOST", interfaces: [bound] };
    if (call.asked) fields["req"] = { opnum, frag_cnt: call.requestFragments, stub_data_size: call.requestBytes };
    fields["response"] = call.response === undefined ? "UNREPLIED" : typeName(call.response);
    if (call.response === RESPONSE) fields["res"] = { frag_cnt: call.responseFragments, stub_data_size: call.responseBytes };
    fields["activityuuid"] = call.activity;
    fields["seqnum"] = call.sequence;
    fields["rpc_version"] = "4.0";
    giveCall(this.#context.rules, {
      txId: call.txId,
      isRequest: call.asked,
      opnum,
      bound: { uuid, version },
      isLittle: call.isLittle,
      stubs: call.stubs,
    });
    this.#context.emit("dcerpc", call.response === undefined ? Side.toServer : Side.toClient, call.txId, fields);
  }
}

const key = (view: DataView, at: number): string =>
  `${uuidText(view, at + ACTIVITY, little(view, at))} ${view.getUint32(at + SEQUENCE, little(view, at))}`;
