import { expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import { fileType } from "./file-type.ts";

const bytesOf = (what: string): Uint8Array =>
  what.startsWith("text:") ? Uint8Array.from(what.slice(5), (letter) => letter.charCodeAt(0)) : fromHex(what);

const mz = (machine: string, characteristics: string, magic: string): string =>
  `4d5a${"00".repeat(58)}40000000 50450000 ${machine} ${"00".repeat(16)} ${characteristics} ${magic}`;

test.each([
  ["a PDF", "text:%PDF-1.7\n", "application/pdf", "PDF document"],
  ["a PDF behind a byte order mark", "efbbbf255044462d312e34", "application/pdf", "PDF document"],
  ["an archive", "504b030414000000", "application/zip", "Zip archive data"],
  ["a program for 32 bits", mz("4c01", "0201", "0b01"), "application/vnd.microsoft.portable-executable", "PE32 executable"],
  ["a library for 64 bits", mz("6486", "2220", "0b02"), "application/vnd.microsoft.portable-executable", "PE32+ executable (DLL)"],
  ["a program of DOS", "4d5a9000", "application/x-dosexec", "MS-DOS executable"],
  ["a program of Linux", `7f454c46020101${"00".repeat(9)}0200`, "application/x-executable", "ELF 64-bit LSB executable"],
  ["a Java class", "cafebabe00000034", "application/java-vm", "compiled Java class data"],
  ["a tar archive", `${"61".repeat(257)}7573746172003030`, "application/x-tar", "POSIX tar archive"],
  [
    "a Word document",
    "text:PK\x03\x04\x14\0\x06\0\x08\0...word/document.xml",
    `application/vnd.openxmlformats-officedocument.wordprocessingml.document`,
    "Microsoft Word 2007+",
  ],
  ["an old Office document", "d0cf11e0a1b11ae1", "application/x-ole-storage", "Composite Document File V2 Document"],
  ["a picture", "89504e470d0a1a0a", "image/png", "PNG image data"],
  ["sound", "text:RIFF\x24\0\0\0WAVEfmt ", "audio/x-wav", "RIFF (little-endian) data, WAVE audio"],
  ["a film", "0000001866747970 69736f6d", "video/mp4", "ISO Media"],
  ["a shell script", "text:#!/bin/sh\necho\n", "text/x-shellscript", "POSIX shell script text executable"],
  ["a page", "text:\r\n<!DOCTYPE html><html>", "text/html", "HTML document"],
  ["JSON", 'text:{ "a": 1 }', "application/json", "JSON text data"],
  ["text", "text:Hello, world", "text/plain", "ASCII text"],
  ["text of Europe", "text:Gr\xfc\xdfe", "text/plain", "Non-ASCII text"],
])("fileType: %s", (_case, bytes, media, name) => {
  const all = bytesOf(bytes);
  expect(fileType(all, 0, all.length)).toEqual([media, name]);
});

test.each([
  ["nothing", ""],
  ["one byte", "50"],
  ["bytes without a mark", "0102030405060708"],
])("fileType: %s has no type", (_case, bytes) => {
  const all = bytesOf(bytes);
  expect(fileType(all, 0, all.length)).toBeUndefined();
});

test("fileType: reads nothing outside", () => {
  const all = Uint8Array.from([0x25, 0x50, ...bytesOf("text:DF-1.7")]);
  expect(fileType(all, 0, 2)).toEqual(["text/plain", "ASCII text"]);
});
