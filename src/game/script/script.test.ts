import { rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { openPluginProcess } from "#game/native/open.ts";
import { request, requests, textOf, Workshop, words } from "#game/native/testing.ts";
import { openScriptPlugin, scriptProgram } from "./open.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());
let written = 0;

/** A plugin whose `decrypt` has this body; `head` stands before it. */
function plugin(body: string, head = "", members = ""): string {
  return workshop.write(
    `plugin-${written++}.ts`,
    `import { defineGamePlugin, type GamePiece } from "oddwire";
    const told = (text: unknown): Uint8Array => new TextEncoder().encode(String(text));
    const flipped = ({ bytes }: GamePiece): Uint8Array => bytes.map((byte) => byte ^ 0x5a);
    ${head}
    export default defineGamePlugin({ name: "My Game", gameId: "mygame", version: "1.2.3", transports: ["udp"], ports: [7777],
      decrypt(piece: GamePiece) { ${body} }, ${members} });`,
  );
}

test("what it is told, and what it says of itself", async () => {
  await using host = await openScriptPlugin(plugin("return told(JSON.stringify({ ...piece, bytes: [...piece.bytes] }));"));
  expect(host.info).toMatchObject({ kind: "typescript", gameId: "mygame", version: "1.2.3", abi: 5, transports: ["udp"], ports: [7777] });
  const [v4, v6] = await host.decrypt([
    request(3),
    request(4, { client: "2001:db8::1", server: "2001:db8::2", side: 1, session: 2 ** 40 }),
  ]);
  expect(JSON.parse(textOf(v4))).toEqual({ ...request(3), bytes: [3, 1, 2] });
  expect(JSON.parse(textOf(v6))).toMatchObject({ client: "2001:db8::1", server: "2001:db8::2", side: 1, session: 2 ** 40 });
});

test("sessions, players and skipped pieces", async () => {
  const head = `let log = ""; const open = new Set<number>();`;
  const members = `sessionOpened: ({ session, client }) => { open.add(session); log += "+" + session + client; },
    sessionClosed: (session, reason) => { open.delete(session); log += "-" + session + reason; },
    players: () => [...open].map((session) => ({ session, name: "Zoë", id: "7", level: 9, position: { x: 1, y: 2, z: 0.5, map: "m" },
      health: { now: 1, most: 2 }, connection: { packetsIn: 3, packetsOut: 4, rttMs: 5 } }))`;
  await using host = await openScriptPlugin(plugin("return piece.bytes[0] === 0 ? undefined : told(log);", head, members));
  host.sessionOpened(5, request(0));
  host.sessionOpened(6, request(0));
  host.sessionClosed(5, "timeout");
  const results = await host.decrypt(requests(2));
  expect(results[0]).toEqual({ status: "skip" });
  expect(textOf(results[1])).toBe("+510.1.2.3+610.1.2.3-5timeout");
  const position = { x: 1, y: 2, z: 0.5, map: "m" };
  const connection = { packetsIn: 3, packetsOut: 4, rttMs: 5 };
  expect(await host.players()).toEqual([{ session: 6, name: "Zoë", id: "7", level: 9, position, health: { now: 1, most: 2 }, connection }]);
});

test.each([
  ["an import of files", plugin("", `import { readFileSync } from "node:fs"; readFileSync;`), /plugins cannot import node:fs/],
  ["an import of the network", plugin("", `import net from "net"; net;`), /plugins cannot import net/],
  ["an import of programs", plugin("", `import * as c from "child_process"; c;`), /plugins cannot import child_process/],
  ["an import of another file", plugin("", `import x from "./other.ts"; x;`), /plugins cannot import \.\/other\.ts/],
  ["types that cannot be stripped", plugin("", "enum A { b }"), /enum is not supported/],
  ["no default export", workshop.write("none.ts", "export const a = 1;"), /it has no default export/],
  ["no decrypt", workshop.write("no-decrypt.ts", "export default { name: 'A' };"), /it has no function decrypt/],
  ["a newer ABI", plugin("", "", "abi: 6"), /was written for ABI 6, and this Oddwire knows ABI 5 and older/],
  ["a name that cannot stand in events", plugin("", "", `gameId: "Not/A/Name"`), /"Not\/A\/Name" has to be/],
  [
    "a header that is too small",
    plugin("", "", "header: { bytes: 2, bigEndian: false, opcode: { offset: 1, bytes: 2 } }"),
    /beyond the header/,
  ],
  ["a self-test that fails", plugin("", "", `selfTest() { throw new Error("one is two"); }`), /its self-test failed: Error: one is two/],
  ["a module that throws", plugin("", `throw new Error("no luck");`), /it cannot be loaded: Error: no luck/],
  ["a module that does not come back", plugin("", "for (;;);"), /did not start within 1500 ms/],
])("refused: %s", async (_case, file, why) => {
  await expect(openScriptPlugin(file, { startMsMax: why.source.includes("1500") ? 1500 : 10_000 })).rejects.toThrow(why);
});

test("a file that is missing is refused", async () => {
  rmSync(`${workshop.folder}/gone.ts`, { force: true });
  await expect(openScriptPlugin(`${workshop.folder}/gone.ts`)).rejects.toThrow(/ENOENT/);
});

/** Ways to what a script must not have; each is an expression, and its answer what became of it. */
const forbidden: readonly (readonly [string, string, RegExp])[] = [
  ["process", `typeof (globalThis as any).process`, /^undefined$/],
  ["process by a function of its own", `(0 as any).constructor.constructor("return typeof process")()`, /^undefined$/],
  ["require", `typeof (globalThis as any).require`, /^undefined$/],
  ["network", `typeof (globalThis as any).fetch + typeof (globalThis as any).WebSocket`, /^undefinedundefined$/],
  ["environment", `typeof (globalThis as any).process?.env`, /^undefined$/],
];

test.each(forbidden)("a script has no %s", async (_case, expression, answer) => {
  await using host = await openScriptPlugin(plugin(`return told(${expression});`));
  expect(textOf((await host.decrypt(requests(1)))[0])).toMatch(answer);
});

test("were a script to get at Node's inner ways, kernel and permissions would keep it in", async () => {
  const program = { ...scriptProgram, module: join(import.meta.dirname, "adversary-worker.ts") };
  await using host = await openPluginProcess(plugin(""), "typescript", program, {});
  expect(host.fences).toEqual(["user", "limits", "landlock", "seccomp"]);
  const tries = JSON.parse(textOf((await host.decrypt(requests(1)))[0])) as Record<string, string>;
  expect(Object.keys(tries)).toHaveLength(10);
  expect(
    Object.entries(tries).filter(([, became]) => !/^(ERR_ACCESS_DENIED|ERR_DLOPEN_DISABLED|EPERM|EACCES|nothing)$/.test(became)),
  ).toEqual([]);
});

test("what it prints and throws is told in its health; a piece that it fails at costs no other", async () => {
  const body = `if (piece.bytes[0] === 1) throw new Error("what is one?");
    if (piece.bytes[0] === 2) return Promise.resolve() as never;
    if (piece.bytes[0] === 3) return new Uint8Array(70_000);
    if (piece.bytes[0] === 4) console.log("four", { is: 4 });
    return flipped(piece);`;
  await using host = await openScriptPlugin(plugin(body));
  const failed = "the plugin failed";
  expect(words(await host.decrypt(requests(6)))).toEqual([0, failed, failed, failed, 4, 5]);
  expect(host.health).toMatchObject({ state: "running", restarts: 0, failures: 3, lastTrouble: "it printed: four { is: 4 }" });
});

test.each([
  ["hangs", "for (;;);", /did not answer within 300 ms/, 300],
  ["fills its heap", "for (const all: unknown[] = []; ; ) all.push({ a: [1, 2, 3] });", /crashed|uses more than/, 10_000],
  ["fills memory", "for (const all: unknown[] = []; ; ) all.push(new Uint8Array(1e7).fill(1));", /failed|crashed|uses more than/, 10_000],
  ["recurses without an end", "const deep = (n: number): number => 1 + deep(n + 1); return told(deep(0));", /failed/, 2000],
])(
  "a script that %s at one piece costs that piece only",
  async (_case, harm, why, deadlineMs) => {
    await using host = await openScriptPlugin(plugin(`if (piece.bytes[0] === 2) { ${harm} } return flipped(piece);`), { deadlineMs });
    const results = words(await host.decrypt(requests(5)));
    expect(results.map((result) => (typeof result === "string" ? "error" : result))).toEqual([0, 1, "error", 3, 4]);
    expect(results[2]).toMatch(why);
  },
  30_000,
);

test("a script that fails again and again is quarantined", async () => {
  await using host = await openScriptPlugin(plugin("for (;;);"), { deadlineMs: 100 });
  await host.decrypt(requests(8));
  expect(host.health).toMatchObject({ state: "quarantined", deadlinesMissed: 5 });
});
