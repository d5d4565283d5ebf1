import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Random } from "#base/random.ts";
import { findMessage, readMessage } from "./message.ts";

const wide = (text: string): string => Array.from(text, (letter) => `${letter.charCodeAt(0).toString(16).padStart(2, "0")}00`).join("");
const SIGNATURE = "4e544c4d53535000";
const VERSION = "0a00b8240000000f";
const word = (value: number): string => `${(value & 255).toString(16).padStart(2, "0")}${(value >> 8).toString(16).padStart(2, "0")}`;
const at = (text: string, offset: number): string => `${word(text.length / 2)}${word(text.length / 2)}${word(offset)}0000`;

function authenticate(): string {
  const [domain, user, host] = [wide("EXAMPLE"), wide("alice"), wide("DESK-1")] as const;
  const head = `${SIGNATURE}03000000${at("00".repeat(24), 108)}${at("00".repeat(24), 108)}`;
  const names = `${at(domain, 72)}${at(user, 86)}${at(host, 96)}${at("", 108)}`;
  return `${head}${names}05820062${VERSION}${domain}${user}${host}${"00".repeat(24)}`;
}

function challenge(): string {
  const [target, computer] = [wide("EXAMPLE"), wide("dc1.example.com")] as const;
  const info = `0300${word(computer.length / 2)}${computer}00000000`;
  const head = `${SIGNATURE}02000000${at(target, 56)}05828962${"11".repeat(8)}${"00".repeat(8)}`;
  return `${head}${at(info, 70)}${VERSION}${target}${info}`;
}

const read = (hex: string) => {
  const bytes = fromHex(hex);
  const { view } = ByteView.over(bytes);
  const from = findMessage(bytes, 0, bytes.length);
  return from < 0 ? undefined : readMessage(bytes, view, from, bytes.length);
};

test.each([
  ["an authentication", authenticate(), { type: 3, domain: "EXAMPLE", user: "alice", host: "DESK-1", version: "10.0 build 9400 rev 15" }],
  ["one inside SPNEGO", `a181a3308180a281${authenticate()}`, { type: 3, user: "alice" }],
  ["a challenge", challenge(), { type: 2, domain: "EXAMPLE", dnsComputer: "dc1.example.com", dnsDomain: undefined }],
  ["an opening", `${SIGNATURE}0100000097820862${"00".repeat(16)}${VERSION}`, { type: 1, domain: "", version: "10.0 build 9400 rev 15" }],
])("%s", (_case, hex, wanted) => expect(read(hex)).toMatchObject(wanted));

test.each([
  ["no signature", "60482b06010505"],
  ["an unknown type", `${SIGNATURE}09000000`],
  ["a cut message", authenticate().slice(0, 60)],
])("%s: nothing", (_case, hex) => expect(read(hex)).toBeUndefined());

test("changed bytes never read outside", () => {
  const random = new Random(3);
  for (let round = 0; round < 3000; round++) {
    const bytes = fromHex(round % 2 === 0 ? authenticate() : challenge());
    for (let i = 0; i < 4; i++) bytes[random.between(8, bytes.length)] = random.between(0, 256);
    const end = random.between(12, bytes.length + 1);
    expect(() => readMessage(bytes, ByteView.over(bytes).view, 0, end)).not.toThrow();
  }
});
