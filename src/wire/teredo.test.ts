import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import * as teredo from "./teredo.ts";

const view = (hex: string): DataView => new DataView(fromHex(hex).buffer as ArrayBuffer);

const IPV6 = "60000000 0000 3b 40 20010000000000000000000000000001 20010db8000000000000000000000002";

test.each([
  ["IPv6 alone", IPV6, 0],
  ["behind an origin indication", `0000 1234 c0a80001 ${IPV6}`, 8],
  ["behind authentication and origin", `0001 00 00 0000000000000000 00 0000 1234 c0a80001 ${IPV6}`, 21],
  ["IPv6 of another length", `${IPV6}00`, -1],
  ["IPv4", `4${IPV6.slice(1)}`, -1],
  ["authentication of more than there is", `0001 ff ff ${IPV6}`, -1],
  ["nothing", "", -1],
] as const)("ipv6At: %s", (_case, hex, at) => expect(teredo.ipv6At(view(hex), 0, view(hex).byteLength, view(hex).byteLength)).toBe(at));
