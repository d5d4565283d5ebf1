import { describe, expect, test } from "vitest";
import { Random } from "#base/random.ts";
import type { FileFacts, Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import { type Config, defaultConfig } from "#schema/config.ts";
import { quietContext } from "#test/protocol/drive.ts";
import { FileRules } from "./file-rules.ts";
import { FlowFile } from "./flow-file.ts";
import { testPlatform } from "./testing.ts";

const HELLO = Uint8Array.from("hello", (letter) => letter.charCodeAt(0));

type Changes = Partial<Pick<Config, "files.digests" | "files.extract" | "files.extract-bytes-max" | "files.file-bytes-max">>;

/** A platform that keeps copies in memory. */
function copying(kept: Map<string, number>): Platform {
  return {
    ...testPlatform,
    copyFile: () => {
      let bytes = 0;
      return {
        write: (_bytes, from, to) => {
          bytes += to - from;
          return true;
        },
        keep: (name) => kept.set(name, bytes) !== undefined,
        drop: () => undefined,
      };
    },
  };
}

/** What is told of a file; a number among the pieces is bytes that the capture lacks. */
function told(
  pieces: readonly (Uint8Array | number)[],
  complete = true,
  config: Changes = {},
  facts: FileFacts = {},
  platform: Platform = testPlatform,
): Transaction {
  const events: Transaction[] = [];
  const context = {
    ...quietContext(),
    emit: (_kind: string, _side: number, _txId: number, fields: Transaction) => void events.push(fields),
  };
  const file = new FlowFile(context, new FileRules({ ...defaultConfig, ...config }, platform, 1), 0, 3, facts);
  for (const piece of pieces)
    if (typeof piece === "number") file.gap(piece);
    else file.data(piece, 0, piece.length);
  file.close(complete);
  file.close(true);
  expect(events).toHaveLength(1);
  return events[0] as Transaction;
}

const SHA256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

describe("FlowFile", () => {
  test("tells name, type, digest and size", () => {
    expect(told([HELLO], true, {}, { name: "a.txt" })).toEqual({
      filename: "a.txt",
      type: "text/plain",
      magic: "ASCII text",
      gaps: false,
      state: "CLOSED",
      sha256: SHA256,
      stored: false,
      size: 5,
      tx_id: 3,
    });
  });

  test("tells the digests that are configured, in EVE's order", () => {
    const { md5, sha1, sha256 } = told([HELLO], true, { "files.digests": ["sha1", "md5"] });
    expect([md5, sha1, sha256]).toEqual(["5d41402abc4b2a76b9719d911017c592", "aaf4c61ddcc5e8a2dabede0f3b482cd9aea9434d", undefined]);
  });

  test("hashes nothing when no digest is configured", () => {
    const platform: Platform = {
      ...testPlatform,
      hasher: () => {
        throw new Error("hashed");
      },
    };
    expect(told([HELLO], true, { "files.digests": [] }, {}, platform)).not.toHaveProperty("sha256");
  });

  test("is the same in pieces of any size", () => {
    const all = new Uint8Array(1500).map((_, i) => (i < 8 ? [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a][i] : i) as number);
    const whole = told([all]);
    const random = new Random(5);
    for (let round = 0; round < 50; round++) {
      const pieces: Uint8Array[] = [];
      for (let at = 0; at < all.length; ) {
        const size = random.between(1, 1 + random.between(1, 900));
        pieces.push(all.slice(at, at + size));
        at += size;
      }
      expect(told(pieces)).toEqual(whole);
    }
  });

  test.each([
    ["cut short", [HELLO], false, "TRUNCATED", false, 5],
    ["with a hole", [HELLO, 10, HELLO], true, "TRUNCATED", true, 20],
    ["empty", [], true, "CLOSED", false, 0],
  ])("a file %s", (_case, pieces, complete, state, gaps, size) => {
    expect(told(pieces, complete)).toMatchObject({ state, gaps, size });
  });

  test.each([
    ["cut short", [HELLO], false],
    ["with a hole", [HELLO, 10, HELLO], true],
  ])("a file %s has no digest: it would be that of another", (_case, pieces, complete) => {
    expect(told(pieces, complete)).not.toHaveProperty("sha256");
  });

  test("a part says where it stands and has no type", () => {
    const part = told([HELLO], true, {}, { start: 500 });
    expect(part).toMatchObject({ start: 500, end: 504 });
    expect(part).not.toHaveProperty("type");
  });
});

describe("extraction", () => {
  const on = { "files.extract": "somewhere", "files.digests": [] as string[] };

  test("keeps a file under its SHA-256, told or not", () => {
    const kept = new Map<string, number>();
    const fields = told([HELLO], true, on, { name: "../../etc/passwd" }, copying(kept));
    expect(fields).toMatchObject({ stored: true });
    expect(fields).not.toHaveProperty("sha256");
    expect([...kept]).toEqual([[SHA256, 5]]);
  });

  test.each([
    ["that is larger than a file may be", [HELLO], true, { "files.file-bytes-max": 4 }],
    ["that is larger than what is left", [HELLO], true, { "files.extract-bytes-max": 4 }],
    ["that was cut short", [HELLO], false, {}],
    ["with a hole", [HELLO, 3], true, {}],
  ])("keeps no file %s", (_case, pieces, complete, config) => {
    const kept = new Map<string, number>();
    expect(told(pieces, complete, { ...on, ...config }, {}, copying(kept))).toMatchObject({ stored: false });
    expect(kept.size).toBe(0);
  });

  test("what was given up leaves its room to others", () => {
    const rules = new FileRules({ ...defaultConfig, ...on, "files.extract-bytes-max": 6 }, copying(new Map()), 1);
    const stored: unknown[] = [];
    const context = {
      ...quietContext(),
      emit: (_k: string, _s: number, _t: number, fields: Transaction) => void stored.push(fields["stored"]),
    };
    for (const complete of [false, true, true]) {
      const file = new FlowFile(context, rules, 0, 0, {});
      file.data(HELLO, 0, 5);
      file.close(complete);
    }
    expect(stored).toEqual([false, true, false]);
  });
});
