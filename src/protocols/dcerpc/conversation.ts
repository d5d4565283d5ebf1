import type { RuleTap } from "#contract/inspector.ts";
import { Side, type Transaction } from "#contract/parser.ts";
import type { CallFacts } from "./call-values.ts";
import { procedureName, serviceName } from "./interfaces.ts";
import * as pdu from "./pdu.ts";
import { StubBytes } from "./stub-bytes.ts";

/** Calls without an answer that are remembered; beyond, the oldest is told as unanswered. */
const callsMax = 64;
/** Interfaces of one bind that are told, and of one connection that are remembered. */
const interfacesMax = 64;

/** An interface that the client asked for. */
interface Bound {
  readonly context: number;
  readonly uuid: string;
  readonly version: string;
  ackResult: number | undefined;
  ackReason: number | undefined;
}

/** A request and its answer, or a bind and its. */
export interface Call {
  /** Number of the transaction, as `begin` gave it. */
  readonly txId: number;
  readonly callId: number;
  readonly minor: number;
  /** Type of the PDU that asked; `undefined` when the capture lacks it. */
  readonly request: number | undefined;
  response: number | undefined;
  readonly opnum: number;
  readonly interfaces: readonly Bound[];
  /** Byte order of its numbers. */
  readonly isLittle: boolean;
  /** Rules have seen the request. */
  isAsked: boolean;
  requestFragments: number;
  requestBytes: number;
  responseFragments: number;
  responseBytes: number;
  faultStatus: number | undefined;
  /** Parameters of both sides, when rules look at them. */
  readonly stubs: StubBytes | undefined;
}

export interface CallListener {
  /** What takes values for rules. */
  readonly rules: RuleTap | undefined;
  /** A call begins: the number of its transaction is asked for. */
  begin(): number;
  /** The request is whole: rules may look at it. */
  asked(call: Call): void;
  /** A call is over. `answered` is false when the flow ended before it. */
  tell(call: Call, answered: boolean): void;
}

/**
 * Pairs requests with answers, binds with acknowledgements, on a TCP connection or a named pipe. It is fed whole PDUs
 * and keeps nothing of their bytes.
 */
export class Conversation {
  readonly #listener: CallListener;
  readonly #inPipe: boolean;
  readonly #open = new Map<number, Call>();
  #bound: Bound[] = [];

  constructor(listener: CallListener, inPipe: boolean) {
    this.#listener = listener;
    this.#inPipe = inPipe;
  }

  /** Reads the whole PDUs at the beginning of a side's bytes; returns the bytes read, or -1 when they are no PDU. */
  read(view: DataView, from: number, end: number): number {
    let at = from;
    while (end - at >= pdu.HEADER_BYTES) {
      if (!pdu.plausible(view, at)) return at === from ? -1 : at - from;
      const length = pdu.fragmentBytes(view, at);
      if (length > end - at) break;
      this.#pdu(view, at, at + length);
      at += length;
    }
    return at - from;
  }

  /** Tells the calls that no answer came for. */
  end(): void {
    for (const call of this.#open.values()) this.#listener.tell(call, false);
    this.#open.clear();
  }

  #pdu(view: DataView, at: number, end: number): void {
    const type = pdu.type(view, at);
    if (type === pdu.Pdu.bind || type === pdu.Pdu.alter) this.#bind(type, view, at, end);
    else if (type === pdu.Pdu.auth3) this.#auth3(view, at);
    else if (type === pdu.Pdu.request) this.#request(view, at, end);
    else if (type === pdu.Pdu.response || type === pdu.Pdu.fault) this.#answer(type, view, at, end);
    else if (type === pdu.Pdu.bindAck || type === pdu.Pdu.alterAck || type === pdu.Pdu.bindNak) this.#bindAnswer(type, view, at, end);
  }

  #bind(type: number, view: DataView, at: number, end: number): void {
    const bound = readContexts(view, at, end);
    // Contexts of an earlier bind go on unless they are named anew.
    const renewed = new Set(bound.map(({ context }) => context));
    this.#bound = [...this.#bound.filter(({ context }) => !renewed.has(context)), ...bound].slice(-interfacesMax);
    this.#begin(type, view, at, 0, bound);
  }

  /** The third message of a logon has no answer. Suricata tells it in pipes only. */
  #auth3(view: DataView, at: number): void {
    if (!this.#inPipe) return;
    const call = this.#begin(pdu.Pdu.auth3, view, at, 0, []);
    this.#open.delete(call.callId);
    this.#listener.tell(call, false);
  }

  #request(view: DataView, at: number, end: number): void {
    if (end - at < pdu.CALL_HEADER_BYTES) return;
    const id = pdu.callId(view, at);
    let call = this.#open.get(id);
    const first = (pdu.flags(view, at) & pdu.Flag.first) !== 0;
    if (call === undefined || call.request !== pdu.Pdu.request || first) {
      const context = pdu.contextId(view, at);
      const bound = this.#bound.filter((one) => one.context === context).slice(-1);
      call = this.#begin(pdu.Pdu.request, view, at, pdu.operation(view, at), bound);
    }
    call.requestFragments++;
    call.requestBytes += pdu.stubBytes(view, at, this.#inPipe);
    call.stubs?.add(Side.toServer, view, end - pdu.stubBytes(view, at, this.#inPipe), end);
    if ((pdu.flags(view, at) & pdu.Flag.last) === 0) return;
    this.#listener.asked(call);
    call.isAsked = true;
  }

  #answer(type: number, view: DataView, at: number, end: number): void {
    if (end - at < pdu.CALL_HEADER_BYTES) return;
    const call = this.#open.get(pdu.callId(view, at)) ?? this.#begin(undefined, view, at, 0, []);
    call.response = type;
    if (type === pdu.Pdu.fault) {
      if (end - at >= pdu.CALL_HEADER_BYTES + 4) call.faultStatus = view.getUint32(at + pdu.CALL_HEADER_BYTES, pdu.littleEndian(view, at));
    } else {
      call.responseFragments++;
      call.responseBytes += pdu.stubBytes(view, at, this.#inPipe);
      call.stubs?.add(Side.toClient, view, end - pdu.stubBytes(view, at, this.#inPipe), end);
    }
    if ((pdu.flags(view, at) & pdu.Flag.last) !== 0) this.#close(call);
  }

  #bindAnswer(type: number, view: DataView, at: number, end: number): void {
    const call = this.#open.get(pdu.callId(view, at));
    if (call === undefined) return;
    call.response = type;
    if (type !== pdu.Pdu.bindNak) readResults(view, at, end, call.interfaces);
    this.#close(call);
  }

  #begin(request: number | undefined, view: DataView, at: number, opnum: number, interfaces: readonly Bound[]): Call {
    const callId = pdu.callId(view, at);
    const before = this.#open.get(callId) ?? (this.#open.size >= callsMax ? this.#open.values().next().value : undefined);
    if (before !== undefined) {
      this.#open.delete(before.callId);
      this.#listener.tell(before, false);
    }
    const call: Call = {
      txId: this.#listener.begin(),
      callId,
      minor: pdu.minor(view, at),
      request,
      response: undefined,
      opnum,
      interfaces,
      isLittle: pdu.littleEndian(view, at),
      isAsked: false,
      requestFragments: 0,
      requestBytes: 0,
      responseFragments: 0,
      responseBytes: 0,
      faultStatus: undefined,
      stubs: StubBytes.wantedBy(this.#listener.rules),
    };
    this.#open.set(callId, call);
    return call;
  }

  #close(call: Call): void {
    this.#open.delete(call.callId);
    this.#listener.tell(call, true);
  }
}

/** Presentation contexts of a bind (C706 §12.6.3.1): identifier, interface, its version, transfer syntaxes. */
function readContexts(view: DataView, at: number, end: number): Bound[] {
  const little = pdu.littleEndian(view, at);
  const found: Bound[] = [];
  if (end - at < 28) return found;
  const count = view.getUint8(at + 24);
  let i = at + 28;
  for (let n = 0; n < count && n < interfacesMax && i + 24 <= end; n++) {
    const syntaxes = view.getUint8(i + 2);
    found.push({
      context: view.getUint16(i, little),
      uuid: pdu.uuidText(view, i + 4, little),
      version: `${view.getUint16(i + 20, little)}.${view.getUint16(i + 22, little)}`,
      ackResult: undefined,
      ackReason: undefined,
    });
    i += 24 + syntaxes * 20;
  }
  return found;
}

/** Results of a bind, in the order of the contexts (C706 §12.6.3.1). */
function readResults(view: DataView, at: number, end: number, interfaces: readonly Bound[]): void {
  const little = pdu.littleEndian(view, at);
  if (end - at < 26) return;
  const address = view.getUint16(at + 24, little);
  let i = at + 26 + address;
  i += (4 - ((i - at) & 3)) & 3;
  if (i + 4 > end) return;
  const count = view.getUint8(i);
  i += 4;
  for (let n = 0; n < count && n < interfaces.length && i + 24 <= end; n++, i += 24) {
    const bound = interfaces[n] as Bound;
    bound.ackResult = view.getUint16(i, little);
    bound.ackReason = view.getUint16(i + 2, little);
  }
}

/** What rules see of a call that is transaction `txId` of its flow. */
export const callFacts = (call: Call, txId: number): CallFacts => ({
  txId,
  isRequest: call.request === pdu.Pdu.request,
  opnum: call.opnum,
  bound: call.interfaces.at(-1),
  isLittle: call.isLittle,
  stubs: call.stubs,
});

/** Members of the event, in Suricata's order; in SMB, its version writes `opnum` beside `req`. */
export function callFields(call: Call, inSmb: boolean): Transaction {
  const fields: Transaction = { request: call.request === undefined ? "REQUEST_LOST" : pdu.typeName(call.request) };
  const isCall = call.request === pdu.Pdu.request || call.request === undefined;
  const sent = { frag_cnt: call.requestFragments, stub_data_size: call.requestBytes };
  if (call.interfaces.length > 0) fields["interfaces"] = call.interfaces.map((bound) => interfaceFields(bound, call));
  if (call.request === pdu.Pdu.request) {
    if (inSmb) fields["opnum"] = call.opnum;
    fields["req"] = inSmb ? sent : { opnum: call.opnum, ...sent };
  }
  fields["response"] = call.response === undefined ? "UNREPLIED" : pdu.typeName(call.response);
  if (isCall && call.response === pdu.Pdu.response)
    fields["res"] = { frag_cnt: call.responseFragments, stub_data_size: call.responseBytes };
  if (call.faultStatus !== undefined) fields["fault_status"] = `0x${call.faultStatus.toString(16).padStart(8, "0")}`;
  fields["call_id"] = call.callId;
  if (!inSmb) fields["rpc_version"] = `5.${call.minor}`;
  return fields;
}

function interfaceFields(bound: Bound, call: Call): Transaction {
  const fields: Transaction = { uuid: bound.uuid, version: bound.version };
  if (call.request !== pdu.Pdu.request) {
    if (bound.ackResult !== undefined) fields["ack_result"] = bound.ackResult;
    if (bound.ackReason !== undefined) fields["ack_reason"] = bound.ackReason;
  }
  const service = serviceName(bound.uuid);
  if (service !== undefined) fields["service"] = service;
  const procedure = call.request === pdu.Pdu.request ? procedureName(bound.uuid, call.opnum) : undefined;
  if (procedure !== undefined) fields["procedure"] = procedure;
  return fields;
}
