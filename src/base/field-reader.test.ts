import { expect, test } from "vitest";
import { ByteView, fromHex } from "./bytes.ts";
import { FieldReader } from "./field-reader.ts";

const reader = (hex: string): FieldReader => {
  const view = ByteView.over(fromHex(hex));
  return new FieldReader(view, 0, view.end);
};

test("numbers in both orders", () => {
  const fields = reader("01 0203 0203 040506 040506 00000001 01000000 ffffffff 0000000100000002");
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
  const fields = reader("616263 646500 666768");
  expect([fields.text(3, 2), fields.zeroText(10), fields.rest(10), fields.short]).toEqual(["ab", "de", "fgh", false]);
});

test("behind the end there are zeros and nothing", () => {
  const fields = reader("0102");
  expect([fields.u32(), fields.u8(), fields.zeroText(4), fields.text(1, 1), fields.short]).toEqual([0, 0, "", "", true]);
});
