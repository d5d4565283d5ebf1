import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { readServiceTicket } from "./message.ts";
import { encryptionName, errorName, weakEncryption } from "./names.ts";

protocolSuite(plugin, import.meta.dirname);

test.each([
  [25, "KDC_ERR_PREAUTH_REQUIRED"],
  [37, "KRB_AP_ERR_SKEW"],
  [52, "KRB_ERR_RESPONSE_TOO_BIG"],
  [60, "KRB_ERR_GENERIC"],
  [68, "KDC_ERR_WRONG_REALM"],
  [30, "30"],
  [4000, "4000"],
])("error %i is %s", (code, name) => expect(errorName(code)).toBe(name));

test.each([
  [3, "des-cbc-md5", true],
  [18, "aes256-cts-hmac-sha1-96", false],
  [23, "rc4-hmac", true],
  [-128, "unknown--128", true],
])("encryption %i is %s", (type, name, weak) => expect([encryptionName(type), weakEncryption(type)]).toEqual([name, weak]));

test("the ticket of an AP-REQ", () => {
  const ticket = "612f302da003020105a10d1b0b4558414d504c452e434f4da2173015a003020102a10e300c1b04636966731b046e6173 31".replaceAll(" ", "");
  const inner = `a003020105a10302010ea20703050000000000a3${(ticket.length / 2).toString(16)}${ticket}`;
  const sequence = `30${(inner.length / 2).toString(16)}${inner}`;
  const bytes = fromHex(`6e${(sequence.length / 2).toString(16)}${sequence}`);
  expect(readServiceTicket(bytes, 0, bytes.length)).toEqual({ realm: "EXAMPLE.COM", snames: ["cifs", "nas1"], encryption: undefined });
  for (let end = 0; end < bytes.length; end++) expect(() => readServiceTicket(bytes, 0, end)).not.toThrow();
});
