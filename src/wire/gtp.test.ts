import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as gtp from "./gtp.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

test.each([
  ["user data", "30ff 0004 00000001 45000000", 8],
  ["with a sequence number", "32ff 0008 00000001 0001 00 00 45000000", 12],
  ["with one extension header", "34ff 000c 00000001 0000 00 85 01100900 60000000", 16],
  ["an extension header of length 0", "34ff 000c 00000001 0000 00 85 00100900 60000000", -1],
  ["an extension header behind the end", "34ff 000c 00000001 0000 00 85 ff100900 60000000", -1],
  ["another length", "30ff 0005 00000001 45000000", -1],
  ["an echo request", "3001 0004 00000001 45000000", -1],
  ["no IP inside", "30ff 0004 00000001 15000000", -1],
  ["optional fields that are not there", "32ff 0002 00000001 0001", -1],
  ["eight bytes", "30ff 0000 00000001", -1],
] as const)("payloadAt: %s", (_case, hex, at) => expect(gtp.payloadAt(view(hex), 0, view(hex).byteLength, view(hex).byteLength)).toBe(at));
