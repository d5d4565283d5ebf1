import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fingerprintOf, type ModelKind, ModelReader, ModelRefused, ModelWriter, openJsonModel, toJsonModel } from "./model-file.ts";

const what: ModelKind = { kind: "test-model", version: 2, parameters: { trees: 25, mode: "ä", rates: [1, 2] } };
const bytes = (): Uint8Array =>
  new ModelWriter(what)
    .add(Uint32Array.of(1, 2))
    .add(Float32Array.of(0.5))
    .add(Float64Array.of(1 / 3, Number.POSITIVE_INFINITY))
    .bytes();

describe("a model file", () => {
  test("gives back what was put in", () => {
    const reader = new ModelReader(bytes(), what);
    expect([...reader.u32(2)]).toEqual([1, 2]);
    expect([...reader.f32(9, 0)]).toEqual([0.5]);
    expect([...reader.f64(2, 2, true)]).toEqual([1 / 3, Number.POSITIVE_INFINITY]);
    reader.end();
  });

  test.each<[string, RegExp, () => unknown]>([
    ["another kind", /it is a test-model/, () => new ModelReader(bytes(), { ...what, kind: "kitnet" })],
    ["another version", /its version is 2, this program reads 3/, () => new ModelReader(bytes(), { ...what, version: 3 })],
    [
      "another parameter",
      /trees was 25 and is 30\); set them back/,
      () => new ModelReader(bytes(), { ...what, parameters: { ...what.parameters, trees: 30 } }),
    ],
    ["nothing", /not a saved model/, () => new ModelReader(new Uint8Array(0), what)],
    ["a changed byte", /damaged/, () => new ModelReader(bytes().fill(7, -1), what)],
    ["a part too long", /a part has 2 numbers, not 1 to 1/, () => new ModelReader(bytes(), what).u32(1)],
    ["a part of another type", /not in order/, () => new ModelReader(bytes(), what).f64(2)],
    [
      "an infinity where none may be",
      /no number/,
      () => {
        const reader = new ModelReader(bytes(), what);
        reader.u32(2);
        reader.f32(1);
        reader.f64(2);
      },
    ],
    ["more than is read", /longer than it says/, () => new ModelReader(bytes(), what).end()],
  ])("refuses %s and says so", (_case, reason, act) => {
    expect(act).toThrow(ModelRefused);
    expect(act).toThrow(reason);
  });

  test("the order of the parameters does not matter to the fingerprint, their values do", () => {
    expect(fingerprintOf({ a: 1, b: 2 })).toBe(fingerprintOf({ b: 2, a: 1 }));
    expect(fingerprintOf({ a: 1, b: 2 })).not.toBe(fingerprintOf({ a: 1, b: 3 }));
  });

  test("no bytes do anything but be refused", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        expect(() => new ModelReader(noise, what)).toThrow(ModelRefused);
      }),
    );
  });
});

const saved = (body: unknown): unknown => JSON.parse(JSON.stringify(toJsonModel(what, body)));

describe("a model as JSON", () => {
  test("gives back what was put in", () => {
    const body = openJsonModel(saved({ n: 3, list: [1, 2], names: ["a"], parts: [{ n: 4 }] }), what);
    expect(body.number("n")).toBe(3);
    expect(body.numbers("list", 2)).toEqual([1, 2]);
    expect(body.texts("names", 3, 5)).toEqual(["a"]);
    expect(body.list("parts", 3)[0]?.number("n")).toBe(4);
  });

  test.each<[string, unknown, (body: ReturnType<typeof openJsonModel>) => unknown]>([
    ["no body", undefined, (body) => body],
    ["a number out of range", { n: 8 }, (body) => body.number("n", 0, 7)],
    ["no number", { n: "8" }, (body) => body.number("n")],
    ["a list too long", { list: [1, 2, 3] }, (body) => body.numbers("list", 2)],
    ["a list with a hole", { list: [1, null] }, (body) => body.numbers("list", 2)],
    ["a text too long", { names: ["abc"] }, (body) => body.texts("names", 3, 2)],
  ])("refuses %s", (_case, body, act) => {
    expect(() => act(openJsonModel(saved(body), what))).toThrow(ModelRefused);
  });

  test("no value does anything but be refused", () => {
    fc.assert(
      fc.property(fc.anything(), (noise) => {
        expect(() => openJsonModel(noise, what)).toThrow(ModelRefused);
      }),
    );
  });
});
