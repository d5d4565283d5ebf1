import { expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import type { Partition } from "#flow/partition.ts";
import * as R from "#flow/record.generated.ts";
import { FactHosts } from "./fact-hosts.ts";
import { FactReader } from "./fact-reader.ts";
import { FactRows, openingKind } from "./facts.ts";
import { Networks } from "./networks.ts";

const memory = new ArrayBuffer(R.RECORD_WORDS * 4);
const table = { words: new Int32Array(memory), doubles: new Float64Array(memory) };
const partition = (id: number): Partition => ({ id, number: 7, time: 0, clock: 0, ticking: false, table }) as unknown as Partition;
const names = { protocol: () => undefined, kinds: ["dns", openingKind], hosts: new FactHosts(new Networks([])) };
const bytes = (text: string): ByteView => ByteView.over(Uint8Array.from(text, (sign) => sign.charCodeAt(0)));

/** What is read of rows, as they stand and behind their way between threads. */
function read(rows: FactRows): string[][] {
  const copies = [rows, new FactRows(rows.copy(), rows.count)];
  return copies.map((one) => {
    const reader = new FactReader(one, names, one === rows ? undefined : new Uint8Array(0));
    return Array.from({ length: one.count }, (_, i) => {
      reader.show(i);
      return `${reader.kind} ${reader.side} ${reader.txId} ${String(reader.fields["text"])}`;
    });
  });
}

test("first words are read as they were said, in the same thread and in another", () => {
  const rows = new FactRows();
  rows.opening(partition(3), 0, 0, 1, bytes("hello\u00ff\u0000"));
  rows.opening(partition(3), 0, 1, 1, bytes("x".repeat(1000)));
  const [here, there] = read(rows);
  expect(here).toEqual(["opening 0 7 hello\u00ff\u0000", `opening 1 1000 ${"x".repeat(256)}`]);
  expect(there).toEqual(here);
});

test("a partition's openings of a block are bounded, and begin anew with the next", () => {
  const rows = new FactRows();
  for (let i = 0; i < 400; i++) rows.opening(partition(3), 0, 0, 1, bytes(`hello ${i}`));
  rows.opening(partition(4), 0, 0, 1, bytes("another"));
  expect(rows.count).toBe(257);
  rows.clear();
  rows.opening(partition(3), 0, 0, 1, bytes("again"));
  expect(read(rows)).toEqual([["opening 0 5 again"], ["opening 0 5 again"]]);
});
