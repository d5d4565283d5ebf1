import { copyFileSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { sampleSession } from "#capture/scenario/lantern/sample.ts";
import type { DecryptRequest, DecryptResult } from "#contract/game-plugin.ts";
import { headerFolder, request, requests, textOf, Workshop } from "./native/testing.ts";
import { PluginShelf, type ShelfOptions } from "./plugins.ts";

const workshop = new Workshop();
afterAll(() => workshop[Symbol.dispose]());
let folders = 0;

/** A plugin that answers its version and the sessions that it was told of. */
const source = (version: string, { game = "mygame", port = 7777, head = "" } = {}): string => `${head}
  const open = new Set<number>();
  export default { name: "My Game", gameId: "${game}", version: "${version}", transports: ["tcp"], ports: [${port}],
    decrypt: () => new TextEncoder().encode("${version}:" + [...open]),
    sessionOpened: ({ session }: { session: number }) => void open.add(session),
    sessionClosed: (session: number) => void open.delete(session) };`;

/** A folder of plugins and a shelf over it, started. */
async function shelfOf(files: Readonly<Record<string, string>>, changes: Partial<ShelfOptions> = {}) {
  const folder = join(workshop.folder, `shelf-${folders++}`);
  mkdirSync(folder);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  const lines: string[] = [];
  const shelf = new PluginShelf({ folders: [folder], files: [], limits: {}, reloads: true, log: (line) => lines.push(line), ...changes });
  await shelf.start();
  /** As compilers and editors do it: whole, in one step. */
  const put = (name: string, text: string): void => {
    writeFileSync(join(folder, `.${name}`), text);
    renameSync(join(folder, `.${name}`), join(folder, name));
  };
  return { shelf, folder, lines, put };
}

const answer = async (shelf: PluginShelf, game = "mygame"): Promise<string> =>
  textOf((await shelf.hostFor(game)?.decrypt(requests(1)))?.[0]);

test("plugins of a folder are found; what is none, or of no use, is told and left out", async () => {
  const { shelf, lines, folder } = await shelfOf({
    "a.ts": source("1"),
    "b.js": source("2", { game: "other", port: 9 })
      .replaceAll(": number }", " }")
      .replace("({ session }: { session })", "({ session })")
      .replaceAll(": number", "")
      .replaceAll("<number>", ""),
    "c.ts": source("3"),
    "d.ts": "no plugin",
    "types.d.ts": "",
    "README.md": "",
  });
  await using _ = shelf;
  expect(shelf.claims).toEqual([
    { name: "mygame", transports: ["tcp"], ports: [7777] },
    { name: "other", transports: ["tcp"], ports: [9] },
  ]);
  expect(shelf.hostFor("nothing")).toBeUndefined();
  const refused = shelf.entries.filter((entry) => "cause" in entry);
  expect(refused).toEqual([
    { file: join(folder, "c.ts"), cause: `the game mygame is read by ${join(folder, "a.ts")} already` },
    { file: join(folder, "d.ts"), cause: expect.stringMatching(/^it cannot be loaded: SyntaxError/) },
  ]);
  expect(lines).toHaveLength(4);
});

test("a plugin that was named and cannot be used ends the start; a folder that is missing is empty", async () => {
  await expect(shelfOf({}, { files: ["/nowhere/x.ts"] })).rejects.toThrow(/ENOENT/);
  const { shelf } = await shelfOf({}, { folders: ["/nowhere"] });
  await using _ = shelf;
  expect(shelf.claims).toEqual([]);
});

test("a new version takes over between two batches, and knows the sessions", async () => {
  const { shelf, lines, put } = await shelfOf({ "a.ts": source("1") });
  await using _ = shelf;
  const host = shelf.hostFor("mygame");
  host?.sessionOpened(4, request(0));
  host?.sessionOpened(5, request(0));
  host?.sessionClosed(4, "finished");
  expect(await answer(shelf)).toBe("1:5");
  put("a.ts", source("2"));
  const asked: Promise<readonly DecryptResult[] | undefined>[] = [];
  const reloaded = shelf.reload();
  // Packets come meanwhile: none is lost, none waits for the new version to start.
  const state = { over: false };
  void reloaded.then(() => {
    state.over = true;
  });
  while (!state.over) {
    asked.push(Promise.resolve(host?.decrypt(requests(3))));
    await asked.at(-1);
  }
  const texts = (await Promise.all(asked)).flatMap((results) => (results ?? []).map(textOf));
  expect(new Set(texts)).toEqual(new Set(["1:5", "2:5"].slice(0, new Set(texts).size)));
  expect(await answer(shelf)).toBe("2:5");
  expect(lines.at(-1)).toBe("plugin My Game 1 was replaced by 2 (a.ts)");
});

test.each([
  ["cannot be loaded", source("2").replace("export default", "export default default"), /it cannot be loaded/],
  ["fails its self-test", source("2").replace("decrypt:", `selfTest() { throw new Error("no"); }, decrypt:`), /its self-test failed/],
  ["is of another game", source("2", { game: "other" }), /it was mygame and is other now/],
])("a new version that %s is told, and the old one stays", async (_case, text, why) => {
  const { shelf, lines, put } = await shelfOf({ "a.ts": source("1") });
  await using _ = shelf;
  put("a.ts", text);
  await shelf.reload();
  expect(await answer(shelf)).toBe("1:");
  expect(lines.at(-1)).toMatch(why);
  expect(lines.at(-1)).toMatch(/the old version stays$/);
  const told = lines.length;
  await shelf.reload();
  expect(lines).toHaveLength(told);
  put("a.ts", source("3"));
  await shelf.reload();
  expect(await answer(shelf)).toBe("3:");
});

test("a reload says what was loaded, what was kept, and why", async () => {
  const { shelf, put, folder } = await shelfOf({
    "a.ts": source("1"),
    "b.ts": source("1", { game: "other", port: 9 }),
    "c.ts": "no plugin",
  });
  await using _ = shelf;
  const told = async (name?: string): Promise<readonly string[]> =>
    (await shelf.reload(name)).map(({ file, outcome, why }) => `${file.slice(-4, -3)} ${outcome}: ${why}`);
  expect(await told()).toEqual([
    "a kept: its file has not changed",
    "b kept: its file has not changed",
    expect.stringMatching(/^c refused: it cannot be loaded: .*; its file has not changed$/),
  ]);
  expect(await told("OTHER")).toEqual(["b reloaded: version 1 was started anew"]);
  expect(await told("nothing")).toEqual([]);
  put("a.ts", source("2"));
  put("c.ts", source("1", { game: "late", port: 5 }));
  expect(await told("a.ts")).toEqual(["a reloaded: version 1 was replaced by 2"]);
  expect(await told("c")).toEqual([
    // The folder may have been looked at meanwhile.
    expect.stringMatching(
      /^c (added: version 1: its flows|reloaded: version 1 was started anew; ports 5) are read from the next start on$/,
    ),
  ]);
  put("a.ts", source("3").replace("decrypt:", `selfTest() { throw new Error("no"); }, decrypt:`));
  expect(await told("mygame")).toEqual([expect.stringMatching(/^a kept: the new version is not used: its self-test failed/)]);
  rmSync(join(folder, "b.ts"));
  expect(await told("other")).toEqual(["b kept: its file is gone; it stays until the next start"]);
  expect(shelf.rows().map(({ game, state }) => `${game} ${state}`)).toEqual(["mygame running", "other running", "late running"]);
});

test("files are watched; one that is gone for now changes nothing, one that comes is told", async () => {
  const { shelf, lines, put, folder } = await shelfOf({ "a.ts": source("1") });
  await using _ = shelf;
  rmSync(join(folder, "a.ts"));
  put("b.ts", source("1", { game: "late", port: 1 }));
  await expect.poll(() => lines.at(-1)).toBe("plugin My Game 1 (b.ts): its flows are read from the next start on");
  expect(await answer(shelf)).toBe("1:");
  put("a.ts", source("2"));
  await expect.poll(() => answer(shelf)).toBe("2:");
});

test("a session of the example game goes on where its plugin is replaced in the middle", async () => {
  const { shelf, folder } = await shelfOf({}, {});
  await shelf[Symbol.asyncDispose]();
  const file = join(folder, "lantern.ts");
  copyFileSync(join(headerFolder, "example/typescript/lantern.ts"), file);
  const lines: string[] = [];
  await using watched = new PluginShelf({ folders: [folder], files: [], limits: {}, reloads: true, log: (line) => lines.push(line) });
  await watched.start();
  const host = watched.hostFor("lantern");
  host?.sessionOpened(1, request(0));
  const pieces = sampleSession().map(({ side, wire }): DecryptRequest => request(0, { side, bytes: wire }));
  const first = await host?.decrypt(pieces.slice(0, 5));
  copyFileSync(join(headerFolder, "example/typescript/lantern.ts"), file);
  await watched.reload();
  expect(lines).toHaveLength(2);
  const rest = await host?.decrypt(pieces.slice(5));
  await using plain = new PluginShelf({ folders: [folder], files: [], limits: {}, reloads: false, log: () => undefined });
  await plain.start();
  expect([...(first ?? []), ...(rest ?? [])]).toEqual(await plain.hostFor("lantern")?.decrypt(pieces));
});
