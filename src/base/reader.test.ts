import { expect, test } from "vitest";
import { ByteView, fromHex } from "./bytes.ts";
import { MessagePlace } from "./message-place.ts";
import { Reader } from "./reader.ts";

const over = (hex: string): Reader => new Reader(ByteView.over(fromHex(hex)));

test("fields come in turn", () => {
  const reader = over("01 0203 040506 0708090a 0b00 0c0000 0d000000 4142 ff");
  const numbers = [reader.u8(), reader.u16(), reader.u24(), reader.u32(), reader.u16(true), reader.u24(true), reader.u32(true)];
  expect(numbers).toEqual([1, 0x203, 0x40506, 0x708090a, 11, 12, 13]);
  expect([reader.text(2), reader.hex(1), reader.left, reader.short]).toEqual(["AB", "ff", 0, false]);
});

test("what reaches past the end is empty, and is told", () => {
  const reader = over("0102");
  expect([reader.u8(), reader.u32(), reader.u8(), reader.hex(1), reader.text(1)]).toEqual([1, 0, 0, "", ""]);
  expect(reader.short).toBe(true);
});

test("numbers in both orders", () => {
  const fields = over("01 0203 0203 040506 040506 00000001 01000000 ffffffff 0000000100000002");
  const numbers = [
    fields.u8(),
    fields.u16(),
    fields.u16(true),
    fields.u24(),
    fields.u24(true),
    fields.u32(),
    fields.u32(true),
    fields.i32(),
  ];
  expect(numbers).toEqual([1, 0x0203, 0x0302, 0x040506, 0x060504, 1, 1, -1]);
  expect(fields.u64()).toBe(0x1_0000_0002);
  expect([fields.left, fields.short]).toEqual([0, false]);
});

test("texts: counted, up to a zero, the rest; long ones are cut but passed over whole", () => {
  const fields = over("616263 646500 666768");
  expect([fields.text(3, 2), fields.zeroText(10), fields.rest(10), fields.short]).toEqual(["ab", "de", "fgh", false]);
});

const view = (bytes: number): ByteView => ByteView.over(new Uint8Array(bytes));

test.each([
  ["inside a message that waits", 10, 6, 4, true],
  ["to its very end", 10, 4, 6, true],
  ["beyond its end", 10, 4, 7, false],
  ["in a message of unknown length", 0, 4, 1, false],
])("a gap %s", (_case, length, seen, lacking, known) => {
  const place = new MessagePlace();
  const window = view(seen);
  place.wait(window, place.enter(window), length);
  expect(place.gap(lacking)).toBe(known);
  if (known) expect(place.enter(view(20))).toBe(length - seen - lacking);
});

test("what is passed over may come in pieces", () => {
  const place = new MessagePlace();
  expect(place.skip(view(5), 2, 10)).toBe(5);
  expect(place.gap(3)).toBe(true);
  expect(place.enter(view(3))).toBe(3);
  expect(place.enter(view(3))).toBe(1);
});
