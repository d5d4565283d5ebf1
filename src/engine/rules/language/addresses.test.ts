import { expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import { parseAddresses } from "./addresses.ts";
import { parsePorts } from "./ports.ts";
import { defaultVariables } from "./variables.ts";

function has(list: string, address: string): boolean {
  const found = parseAddress(address);
  if (found === undefined) throw new Error(`${address} is no address`);
  return parseAddresses(list, defaultVariables.addresses, 0).has(Int32Array.from([0, ...found.words]), 1, found.version === 6);
}

test.each([
  ["any is all", "any", ["1.2.3.4", "::1"], []],
  ["one address", "10.0.0.1", ["10.0.0.1"], ["10.0.0.2", "::a00:1"]],
  ["a network", "10.1.0.0/16", ["10.1.0.0", "10.1.255.255"], ["10.2.0.0", "10.0.255.255"]],
  ["a network by its mask", "10.1.0.0/255.255.0.0", ["10.1.2.3"], ["10.2.0.0"]],
  ["a range", "10.0.0.5-10.0.0.7", ["10.0.0.5", "10.0.0.7"], ["10.0.0.4", "10.0.0.8"]],
  ["a list with an exception", "[10.0.0.0/8,!10.1.0.0/16]", ["10.0.0.1", "10.2.0.0"], ["10.1.2.3", "11.0.0.0"]],
  ["a nested exception counts for the whole", "[10.0.0.0/8,[192.168.0.0/16,!10.1.0.0/16]]", ["192.168.1.1"], ["10.1.0.1"]],
  ["a negated address leaves all others, of both versions", "!10.0.0.1", ["10.0.0.2", "255.255.255.255", "::1"], ["10.0.0.1"]],
  ["a negated list", "![10.0.0.0/8,!10.0.0.1]", ["10.0.0.1", "11.0.0.1"], ["10.0.0.2"]],
  ["a variable", "$HOME_NET", ["192.168.7.7", "172.31.255.255"], ["172.32.0.0", "8.8.8.8"]],
  ["a negated variable", "$EXTERNAL_NET", ["8.8.8.8", "2001:db8::1"], ["10.9.9.9"]],
  ["IPv6 networks", "[2001:db8::/32,fe80::1]", ["2001:db8:ffff::1", "fe80::1"], ["2001:db9::", "fe80::2", "1.2.3.4"]],
  ["an IPv6 range", "2001:db8::5-2001:db8::1:0", ["2001:db8::5", "2001:db8::ffff"], ["2001:db8::4", "2001:db8::1:1"]],
])("addresses: %s", (_case, list, inside, outside) => {
  for (const address of inside) expect([address, has(list, address)]).toEqual([address, true]);
  for (const address of outside) expect([address, has(list, address)]).toEqual([address, false]);
});

test.each([
  ["all taken away", "[10.0.0.1,!10.0.0.0/8]"],
  ["nothing but any negated", "!any"],
  ["a mask too long", "10.0.0.0/33"],
  ["an open list", "[10.0.0.1"],
  ["an empty entry", "[10.0.0.1,,10.0.0.2]"],
  ["an unknown variable", "$NOWHERE"],
  ["a word", "localhost"],
])("addresses refused: %s", (_case, list) => expect(() => parseAddresses(list, defaultVariables.addresses, 0)).toThrow());

test("a variable that names itself is refused", () => {
  expect(() => parseAddresses("$A", { A: "[$B]", B: "!$A" }, 0)).toThrow("nested");
});

test.each([
  ["any is all", "any", [0, 65535], []],
  ["one port", "80", [80], [79, 81]],
  ["a list", "[80,443,8000:8010]", [80, 443, 8000, 8010], [442, 8011]],
  ["from a port on", "1024:", [1024, 65535], [1023]],
  ["up to a port", ":1024", [0, 1024], [1025]],
  ["all but one", "!80", [79, 81], [80]],
  ["a range with an exception", "[1:100,!50:60]", [49, 61], [50, 60, 101]],
  ["a variable in a list", "$FILE_DATA_PORTS", [80, 110, 143], [81]],
  ["a negated variable", "$SHELLCODE_PORTS", [81], [80]],
])("ports: %s", (_case, list, inside, outside) => {
  const set = parsePorts(list, defaultVariables.ports, 0);
  for (const port of inside) expect([port, set.has(port)]).toEqual([port, true]);
  for (const port of outside) expect([port, set.has(port)]).toEqual([port, false]);
});

test.each([
  ["all taken away", "[80,!1:100]"],
  ["too large", "65536"],
  ["upside down", "10:5"],
  ["a word", "http"],
])("ports refused: %s", (_case, list) => expect(() => parsePorts(list, defaultVariables.ports, 0)).toThrow());
