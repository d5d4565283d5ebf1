import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Player } from "#native/plugin-structs.ts";
import { AnswerReader } from "./answers.ts";
import { Answer, Answers, answersAt, outputsAt, outputsEnd, playersAt, recordsMax, regionBytes, Status, slotBytes } from "./region.ts";

/** Memory of which a plugin has written the answers. */
function memory(
  slot: number,
  answers: readonly (readonly [status: number, offset: number, size: number])[],
  complete = answers.length,
): ArrayBuffer {
  const buffer = new ArrayBuffer(regionBytes);
  const view = new DataView(buffer);
  const start = slot * slotBytes + answersAt;
  view.setUint32(start + Answers.complete, complete, true);
  for (const [index, [status, offset, size]] of answers.entries()) {
    const at = start + Answers.records + index * Answers.recordBytes;
    view.setInt32(at + Answer.status, status, true);
    view.setUint32(at + Answer.offset, offset, true);
    view.setUint32(at + Answer.size, size, true);
  }
  new Uint8Array(buffer, slot * slotBytes + outputsAt, 16).set([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]);
  return buffer;
}

const tooMuch = { status: "error", why: "the plugin says that it wrote more than its output can hold" };

describe("answers of a plugin's process", () => {
  test.each([
    ["bytes within the outputs are copied", [0, outputsAt + 2, 3], { status: "ok", bytes: Uint8Array.of(3, 4, 5) }],
    ["no bytes are no bytes, wherever they are", [0, 0xffff_ffff, 0], { status: "ok", bytes: new Uint8Array(0) }],
    ["an offset before the outputs", [0, outputsAt - 1, 3], tooMuch],
    ["an end beyond the outputs", [0, outputsEnd - 1, 2], tooMuch],
    ["a size that wraps around", [0, outputsAt, 0xffff_ffff], tooMuch],
    ["skipped", [1, 0, 0], { status: "skip" }],
    ["a positive answer that means nothing", [7, 0, 0], { status: "error", why: "the plugin answers 7" }],
    ["its own failure", [-1, 0, 0], { status: "error", why: "the plugin failed" }],
  ] as const)("%s", (_case, answer, expected) => {
    const reader = new AnswerReader(memory(2, [answer]));
    reader.take(2, reader.complete(2, 1));
    expect(reader.result(0)).toEqual(expected);
  });

  test("the request at which a process died is the one that was begun last, if it is not complete", () => {
    const buffer = memory(0, [], 3);
    const reader = new AnswerReader(buffer);
    for (const [begun, expected] of [
      [3, 3],
      [2, undefined],
      [4, undefined],
      [0xffff_ffff, undefined],
    ] as const) {
      new DataView(buffer).setUint32(answersAt + Answers.begun, begun, true);
      expect(reader.begun(0, 10)).toBe(expected);
    }
    expect(reader.begun(0, 3)).toBeUndefined();
  });

  test("harm is told until other answers are taken", () => {
    const reader = new AnswerReader(memory(0, [[Status.wroteBeyond, 0, 0]]));
    reader.take(0, 1);
    expect(reader.harmed).toBe(true);
    reader.take(1, 1);
    expect(reader.harmed).toBe(false);
  });

  test("whatever stands in the memory, nothing is thrown and nothing is longer than the outputs", () => {
    const word = fc.oneof(
      fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      fc.integer({ min: outputsAt - 9, max: outputsAt + 9 }),
      fc.integer({ min: outputsEnd - 9, max: outputsEnd + 9 }),
    );
    const answer = fc.tuple(fc.integer({ min: -110, max: 3 }), word, word);
    const buffer = memory(3, []);
    const reader = new AnswerReader(buffer);
    const property = fc.property(
      fc.array(answer, { maxLength: 20 }),
      word,
      fc.uint8Array({ maxLength: 300 }),
      (answers, complete, noise) => {
        const view = new DataView(buffer);
        const start = 3 * slotBytes + answersAt;
        view.setUint32(start + Answers.complete, complete, true);
        for (const [index, words] of answers.entries()) {
          for (const [at, value] of words.entries())
            view.setUint32(start + Answers.records + index * Answers.recordBytes + at * 4, value >>> 0, true);
        }
        new Uint8Array(buffer, 3 * slotBytes + playersAt, noise.length).set(noise);
        const count = reader.complete(3, recordsMax);
        expect(count).toBeLessThanOrEqual(recordsMax);
        reader.take(3, count);
        for (let index = 0; index < count; index++) {
          const result = reader.result(index);
          if (result.status === "ok") expect(result.bytes.length).toBeLessThanOrEqual(outputsEnd - outputsAt);
        }
        for (const player of reader.players(3, () => 1)) expect(player.name.length).toBeLessThanOrEqual(64);
      },
    );
    fc.assert(property, { numRuns: 300, seed: 3 });
  });

  test("a player whose numbers are none is told without them", () => {
    const buffer = memory(0, [[0, 0, 1]]);
    const view = new DataView(buffer, playersAt);
    view.setUint32(Player.known, 7, true);
    view.setUint32(Player.session, 5, true);
    view.setFloat32(Player.x, Number.NaN, true);
    view.setFloat32(Player.health, Number.POSITIVE_INFINITY, true);
    view.setUint8(Player.name, 65);
    expect(new AnswerReader(buffer).players(0, () => undefined)).toEqual([{ session: 5, name: "A", level: 0 }]);
  });
});
