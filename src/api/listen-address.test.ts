import { expect, test } from "vitest";
import { addressUrl, parseListen } from "./listen-address.ts";
import { hostName } from "./security.ts";

test.each([
  ["address and port", "127.0.0.1:8080", { type: "port", host: "127.0.0.1", port: 8080 }],
  ["IPv6 stands in brackets", "[::1]:80", { type: "port", host: "::1", port: 80 }],
  ["a port alone is on the loopback", "8080", { type: "port", host: "127.0.0.1", port: 8080 }],
  ["a colon in front changes nothing", ":8080", { type: "port", host: "127.0.0.1", port: 8080 }],
  ["a name", "box.lan:0", { type: "port", host: "box.lan", port: 0 }],
  ["a Unix socket", "unix:/run/oddwire.sock", { type: "socket", path: "/run/oddwire.sock" }],
])("%s", (_case, text, address) => expect(parseListen(text)).toEqual(address));

test.each([["127.0.0.1"], ["127.0.0.1:99999"], ["::1:8080"], [""], ["unix:"], ["a b:c"]])("%j is no address", (text) =>
  expect(() => parseListen(text)).toThrow("no address to listen on"),
);

test.each([
  ["127.0.0.1:0", 5000, "http://127.0.0.1:5000"],
  ["[::1]:8080", undefined, "http://[::1]:8080"],
  ["0.0.0.0:80", 80, "http://localhost:80"],
  ["unix:/a", undefined, "unix:/a"],
])("%s is shown to people as an address that works", (text, port, url) => expect(addressUrl(parseListen(text), port)).toBe(url));

test.each([
  ["localhost:8080", "localhost"],
  ["LocalHost", "localhost"],
  ["localhost.", "localhost"],
  ["[::1]:8080", "::1"],
  ["[::1]", "::1"],
  ["10.0.0.1:1", "10.0.0.1"],
  ["", ""],
])("the name in a Host header %j is %j", (header, name) => expect(hostName(header)).toBe(name));
