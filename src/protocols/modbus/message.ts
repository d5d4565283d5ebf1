import { latin1 } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { Transaction } from "#contract/parser.ts";

/** Bytes of data that are told. */
const dataBytesMax = 256;

/** Function, its name, what it touches (Modbus application protocol 1.1b3 §6). */
const FUNCTIONS: { readonly [code: number]: readonly [name: string, access: string] } = {
  1: ["RdCoils", "READ | COILS"],
  2: ["RdDiscreteInputs", "READ | DISCRETES"],
  3: ["RdHoldRegs", "READ | HOLDING"],
  4: ["RdInputRegs", "READ | INPUT"],
  5: ["WrSingleCoil", "WRITE | COILS | SINGLE | WRITE_SINGLE"],
  6: ["WrSingleReg", "WRITE | HOLDING | SINGLE | WRITE_SINGLE"],
  7: ["RdExcStatus", "NONE"],
  8: ["Diagnostic", "NONE"],
  9: ["Program484", "NONE"],
  10: ["Poll484", "NONE"],
  11: ["GetCommEventCtr", "NONE"],
  12: ["GetCommEventLog", "NONE"],
  13: ["ProgramController", "NONE"],
  14: ["PollController", "NONE"],
  15: ["WrMultCoils", "WRITE | COILS | MULTIPLE | WRITE_MULTIPLE"],
  16: ["WrMultRegs", "WRITE | HOLDING | MULTIPLE | WRITE_MULTIPLE"],
  17: ["ReportServerID", "NONE"],
  18: ["Program884", "NONE"],
  19: ["ResetCommLink", "NONE"],
  20: ["RdFileRec", "NONE"],
  21: ["WrFileRec", "NONE"],
  22: ["MaskWrReg", "WRITE | HOLDING | SINGLE | WRITE_SINGLE"],
  23: ["RdWrMultRegs", "READ | WRITE | HOLDING | MULTIPLE | WRITE_MULTIPLE"],
  24: ["RdFIFOQueue", "NONE"],
  43: ["MEI", "NONE"],
};
const EXCEPTIONS: { readonly [code: number]: string } = {
  1: "IllegalFunction",
  2: "IllegalDataAddr",
  3: "IllegalDataValue",
  4: "ServerDeviceFail",
  5: "Ack",
  6: "ServerDeviceBusy",
  7: "NegAck",
  8: "MemParityErr",
  10: "GatewayPathUnavailable",
  11: "GatewayTargetFailToResp",
};
const DIAGNOSTICS = [
  "RetQueryData",
  "RestartCommOpt",
  "RetDiagReg",
  "ChangeInputDelimiter",
  "ForceListenOnlyMode",
  "",
  "",
  "",
  "",
  "",
  "ClearCtrDiagReg",
  "RetBusMsgCount",
  "RetBusCommErrCount",
  "RetBusExcErrCount",
  "RetServerMsgCount",
  "RetServerNoRespCount",
  "RetServerNAKCount",
  "RetServerBusyCount",
  "RetBusCharOverrunCount",
  "RetOverrunErrCount",
  "ClearOverrunCounterFlag",
  "GetClearPlusStats",
];

export interface Message {
  readonly transaction: number;
  readonly unit: number;
  readonly code: number;
  readonly fields: Transaction;
  /** Places that a request reads or writes, with what. */
  readonly address: number;
  readonly quantity: number;
}

/** Functions that are left to makers, and those that were once used (§5). */
const category = (code: number): string =>
  code >= 128
    ? "NONE"
    : FUNCTIONS[code] !== undefined && ![9, 10, 13, 14, 18, 19].includes(code)
      ? "PUBLIC_ASSIGNED"
      : (code >= 65 && code <= 72) || (code >= 100 && code <= 110)
        ? "USER_DEFINED"
        : [9, 10, 13, 14, 18, 19, 41, 42, 90, 91, 125, 126, 127].includes(code)
          ? "RESERVED"
          : "PUBLIC_UNASSIGNED";

/** Reads the message at `at`, header and all, which ends at `end`. `asked` is the request that a response answers. */
export function readMessage(bytes: Uint8Array, view: DataView, at: number, end: number, isResponse: boolean, asked?: Message): Message {
  const code = bytes[at + 7] as number;
  const known = FUNCTIONS[code & 127];
  const fields: Transaction = {
    transaction_id: view.getUint16(at),
    protocol_id: view.getUint16(at + 2),
    unit_id: bytes[at + 6],
    function_raw: code,
    function_code: known?.[0] ?? "Unknown",
    access_type: code < 128 ? (known?.[1] ?? "NONE") : "NONE",
    category: category(code),
    error_flags: "NONE",
  };
  const places = tell({ fields, bytes, view, body: at + 8, end, isResponse, asked }, code);
  return { transaction: view.getUint16(at), unit: bytes[at + 6] as number, code, fields, ...places };
}

interface Body {
  readonly fields: Transaction;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly body: number;
  readonly end: number;
  readonly isResponse: boolean;
  readonly asked: Message | undefined;
}
interface Places {
  readonly address: number;
  readonly quantity: number;
}
/** Requests that have no data. */
const BARE = new Set([7, 11, 12, 17]);
const NOWHERE: Places = { address: 0, quantity: 0 };

const dataText = ({ bytes, end }: Body, from: number): string => looseText(bytes, Math.min(from, end), Math.min(end, from + dataBytesMax));

/** Adds what follows the function code, and returns what it is about. */
function tell(message: Body, code: number): Places {
  const { fields, bytes, view, body, end } = message;
  const left = end - body;
  if (code >= 128) {
    if (left >= 1) fields["exception"] = { raw: bytes[body], code: EXCEPTIONS[bytes[body] as number] ?? "Unknown" };
  } else if (code === 8 && left >= 2) {
    const raw = view.getUint16(body);
    fields["diagnostic"] = { raw, code: DIAGNOSTICS[raw] || "Reserved", data: dataText(message, body + 2) };
  } else if (code === 43 && left >= 1) {
    const raw = bytes[body] as number;
    const name = raw === 14 ? "RdDevId" : raw === 13 ? "CANOpenGenRefReq" : "Unknown";
    fields["mei"] = { raw, code: name, data: dataText(message, body + 1) };
  } else if (code >= 1 && code <= 4) return message.isResponse ? readResponse(message, code) : readRequest(message, code);
  else if (code === 5 || code === 6 || code === 15 || code === 16 || code === 22 || code === 23) return write(message, code);
  else {
    fields["data"] = dataText(message, body);
    if (!message.isResponse && left > 0 && BARE.has(code)) fields["error_flags"] = "DATA_LENGTH";
  }
  return NOWHERE;
}

function readRequest({ fields, view, body, end }: Body, code: number): Places {
  if (end - body < 4) {
    fields["error_flags"] = "DATA_LENGTH";
    return NOWHERE;
  }
  const places = { address: view.getUint16(body), quantity: view.getUint16(body + 2) };
  fields["read"] = places;
  if (places.quantity === 0 || places.quantity > (code <= 2 ? 2000 : 125)) fields["error_flags"] = "DATA_VALUE";
  return places;
}

/** As many bytes as it says, and as many as were asked for. */
function readResponse(message: Body, code: number): Places {
  const { fields, bytes, body, end, asked } = message;
  const count = end > body ? (bytes[body] as number) : -1;
  if (count >= 0) fields["read"] = { data: dataText(message, body + 1) };
  if (count !== end - body - 1) fields["error_flags"] = "DATA_LENGTH";
  else if (asked !== undefined && count !== (code <= 2 ? Math.ceil(asked.quantity / 8) : asked.quantity * 2))
    fields["error_flags"] = "DATA_VALUE";
  return NOWHERE;
}

function write(message: Body, code: number): Places {
  const { fields, bytes, view, body, end, isResponse } = message;
  const left = end - body;
  if (code === 23 && isResponse) {
    fields["read"] = { data: dataText(message, body + 1) };
    return NOWHERE;
  }
  if (left < (code === 22 ? 6 : code === 23 ? 9 : 4)) {
    fields["error_flags"] = "DATA_LENGTH";
    return NOWHERE;
  }
  const word = (offset: number): number => view.getUint16(body + offset);
  const values = (offset: number): string => latin1(bytes, body + offset, Math.min(end, body + offset + dataBytesMax));
  if (code === 22) fields["write"] = { address: word(0), and_mask: word(2), or_mask: word(4) };
  else if (code === 23) {
    fields["read"] = { address: word(0), quantity: word(2) };
    fields["write"] = { address: word(4), quantity: word(6), values: values(9) };
  } else if (code <= 6) {
    fields["write"] = { address: word(0), data: word(2) };
    if (code === 5 && word(2) !== 0 && word(2) !== 0xff00) fields["error_flags"] = "DATA_VALUE";
  } else fields["write"] = { address: word(0), quantity: word(2), ...(!isResponse && left > 5 ? { values: values(5) } : {}) };
  return { address: word(0), quantity: word(2) };
}
