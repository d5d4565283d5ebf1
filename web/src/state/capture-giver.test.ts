import { expect, test } from "vitest";
import type { GivenCapture } from "#schema/given-capture.ts";
import { CaptureGiver, type CapturesApi } from "./capture-giver.ts";

const capture: GivenCapture = { id: "0123456789ab", name: "a.pcap", bytes: 0, given_at: 0, state: "taking" };
const file = (size: number): File => new File([new Uint8Array(size)], "a.pcap");

function fake(fails: (offset: number, tries: number) => Error | undefined) {
  const said: string[] = [];
  const tries = new Map<number, number>();
  const api: CapturesApi = {
    begin: async (name) => {
      said.push(`begin ${name}`);
      return capture;
    },
    append: async (_id, offset, piece) => {
      const count = (tries.get(offset) ?? 0) + 1;
      tries.set(offset, count);
      const error = fails(offset, count);
      if (error !== undefined) throw error;
      said.push(`${offset}+${piece.size}`);
      return capture;
    },
    read: async () => {
      said.push("read");
      return capture;
    },
  };
  return { api, said };
}

test("a file goes in pieces, in order, and a piece that is lost on the way is given again", async () => {
  const { api, said } = fake((offset, tries) => (offset > 0 && tries === 1 ? new Error("the server is not reachable") : undefined));
  const giver = new CaptureGiver(api);
  giver.give([file(1_048_576 + 10)]);
  await expect.poll(() => giver.state()[0]?.id).toBe(capture.id);
  expect(said).toEqual(["begin a.pcap", "0+1048576", "1048576+10", "read"]);
  expect(giver.state()[0]).toMatchObject({ sent: 1_048_586, error: undefined });
});

test("what the server refuses is not given again, and the next file comes all the same", async () => {
  const refused = Object.assign(new Error("the capture is not taken: it is too large"), { status: 409 });
  let refuse = true;
  const { api, said } = fake(() => (refuse ? refused : undefined));
  const giver = new CaptureGiver(api);
  giver.give([file(5), file(6)]);
  await expect.poll(() => giver.state()[0]?.error).toBe(refused.message);
  refuse = false;
  await expect.poll(() => giver.state()[1]?.error ?? giver.state()[1]?.id).toBeDefined();
  expect(said.filter((line) => line.startsWith("begin"))).toHaveLength(2);
});
