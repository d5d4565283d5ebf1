import { describe, expect, test } from "vitest";
import { bytesOf, content } from "#engine/rules/judge/testing.ts";
import { chunkBytes, StreamWindow } from "./stream-window.ts";
import { WindowMemory } from "./window-memory.ts";

const bytes = (length: number, value = 1): Uint8Array => new Uint8Array(length).fill(value);

describe("window over a stream", () => {
  test("keeps what came lately, and says where the new bytes begin", () => {
    const window = new StreamWindow(new WindowMemory());
    window.append(bytes(3000), 0, 3000);
    expect([window.fresh, window.used, window.preceding]).toEqual([0, 3000, 0]);
    window.isTouched = false;
    window.append(bytes(10, 2), 0, 10);
    expect([window.fresh, window.used, window.preceding]).toEqual([2560, 2570, 440]);
    expect(window.bytes[window.fresh]).toBe(2);
  });

  test("several pieces of one packet are new together", () => {
    const window = new StreamWindow(new WindowMemory());
    window.append(bytes(5), 0, 5);
    window.append(bytes(5), 0, 5);
    expect([window.fresh, window.used]).toEqual([0, 10]);
  });

  test("a new message begins empty, and rules may be told again", () => {
    const window = new StreamWindow(new WindowMemory());
    window.append(bytes(100), 0, 100);
    window.tell(7);
    window.wait(8);
    expect([window.isTold(7), window.pending]).toEqual([true, [8]]);
    window.isOver = true;
    window.isTouched = false;
    window.append(bytes(4), 0, 4);
    expect([window.used, window.preceding, window.isTold(7), window.pending]).toEqual([4, 100, false, []]);
  });

  test("a rule may be told again behind enough bytes of the same message", () => {
    const window = new StreamWindow(new WindowMemory());
    window.append(bytes(1), 0, 1);
    window.tell(7);
    window.append(bytes(chunkBytes - 1), 0, chunkBytes - 1);
    expect([window.isTold(7), window.wasTold(7)]).toEqual([true, true]);
    window.append(bytes(1), 0, 1);
    expect([window.isTold(7), window.wasTold(7)]).toEqual([false, true]);
  });

  test("a rule that lacks a literal waits until it has come, over the border of packets", () => {
    const window = new StreamWindow(new WindowMemory());
    const packet = (text: string): boolean => {
      window.isTouched = false;
      window.append(bytesOf(text), 0, text.length);
      return window.isWaiting(0);
    };
    packet("abc xy");
    window.wait(5, content("xyz"));
    expect(window.isWaiting(0)).toBe(true);
    expect([packet("y xy"), packet("z ab"), packet("c")]).toEqual([true, false, false]);
    window.wait(5, content("xyz"));
    expect(packet("xy")).toBe(true);
    window.wait(5);
    expect(packet("more")).toBe(false);
  });

  test("neither waiting rules nor told ones grow without limit", () => {
    const window = new StreamWindow(new WindowMemory());
    for (let rule = 0; rule < 1000; rule++) {
      window.tell(rule);
      window.wait(rule);
    }
    expect(window.pending.length).toBe(64);
    expect([window.isTold(0), window.isTold(999), window.wait(1000)]).toEqual([false, true, false]);
  });
});
