import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import * as fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { readRuleLine } from "./rule-line.ts";
import { readLists } from "./rule-lists.ts";
import { collectRules, noLists, ruleSetFile, writeRuleSet } from "./rule-set.ts";
import { readSource, sourceLimits } from "./rule-source.ts";
import { readTar } from "./tar.ts";

const rule = (sid: number, more = "", rev = 1): string =>
  `alert tcp any any -> $HOME_NET 80 (msg:"rule ${sid}"; ${more}sid:${sid}; rev:${rev};)`;

describe("readRuleLine", () => {
  test.each([
    ["a rule", rule(1), { sid: 1, rev: 1, gid: 1, enabled: true, message: "rule 1" }],
    ["a rule behind a mark is off", `# ${rule(2)}`, { sid: 2, enabled: false }],
    ["semicolons in quotes separate nothing", rule(3, 'content:"a;b"; '), { sid: 3 }],
    ["an escaped semicolon separates nothing", rule(4, 'pcre:"/a\\;sid:9\\;/"; '), { sid: 4 }],
    [
      "lists with blanks in brackets",
      'drop tcp [1.1.1.1, !2.2.2.2] any <> any [80, 443] (msg:"x"; gid:3; sid:5;)',
      { sid: 5, gid: 3, rev: 0 },
    ],
    ["a rule without endpoints", 'alert dns (msg:"x"; sid:6;)', { sid: 6 }],
    ["a large sid", 'pass ip any any -> any any (sid:4294967295; msg:"";)', { sid: 4_294_967_295 }],
  ])("%s", (_case, line, expected) => {
    expect(readRuleLine(line)).toMatchObject({ type: "rule", rule: expected });
  });

  test.each([
    ["an empty line", ""],
    ["a comment", "# alert me when this is done"],
  ])("%s is nothing", (_case, line) => {
    expect(readRuleLine(line)).toEqual({ type: "other" });
  });

  test.each([
    ["a web page", "<html>", /does not begin/],
    ["an unknown action", "shout tcp any any -> any any (sid:1;)", /does not begin/],
    ["a rule that is cut", 'alert tcp any any -> any any (msg:"x"; sid:1;', /not closed by a bracket/],
    ["a quote without an end", 'alert tcp any any -> any any (msg:"x; sid:1;)', /quote/],
    ["a rule without a sid", 'alert tcp any any -> any any (msg:"x";)', /no sid/],
    ["a sid that is no number", "alert tcp any any -> any any (sid:x;)", /no sid/],
    ["an option without a semicolon", "alert tcp any any -> any any (sid:1)", /semicolon/],
  ])("%s is bad", (_case, line, cause) => {
    const read = readRuleLine(line);
    expect(read).toMatchObject({ type: "bad", cause: expect.stringMatching(cause) });
  });

  test("no line throws or takes long", () => {
    const pieces = fc.array(fc.constantFrom("alert ", "tcp ", "any ", "-> ", "(", ")", "sid:1;", '"', "[", "]", "\\", "#", " ", "!"), {
      maxLength: 40,
    });
    fc.assert(fc.property(pieces, (texts) => void readRuleLine(texts.join(""))));
    const begun = performance.now();
    readRuleLine(`alert tcp ${"[1.1.1.1, ".repeat(6000)}`);
    readRuleLine(`# alert tcp ${"( sid : ".repeat(8000)}`);
    expect(performance.now() - begun).toBeLessThan(5000);
  });

  test.skipIf(!existsSync("/etc/suricata/rules"))("the rules that Suricata brings along are rules", async () => {
    const set = collectRules(await readSource("/etc/suricata/rules"), noLists);
    expect([set.badCount, set.bad, set.rules.size > 100]).toEqual([0, [], true]);
  });
});

const file = (text: string, name = "a.rules") => ({ name, text });

describe("collectRules", () => {
  test.each([
    ["by sid", "1", "1"],
    ["by gid and sid", "1:1", "1"],
    ["several", "1, 1:2", "1 2"],
    ["by file", "group:a.rules", "1 2"],
    ["by file without its ending", "group:a", "1 2"],
    ["by a pattern of files", "group:*", "1 2 3"],
    ["by expression", "re:rule [13]", "1 3"],
    ["by what no rule has", "77", ""],
  ])("disable chooses %s", (_case, line, off) => {
    const lists = readLists({ disable: { name: "disable.conf", text: `# comment\n${line}\n` } });
    const set = collectRules([file(`${rule(1)}\n${rule(2)}\n`), file(rule(3), "rules/b.rules")], lists);
    expect([...set.rules.values()].flatMap((one) => (one.enabled ? [] : [one.sid])).join(" ")).toBe(off);
  });

  test("enable comes before disable", () => {
    const lists = readLists({ enable: { name: "e", text: "1\n2" }, disable: { name: "d", text: "2" } });
    const set = collectRules([file(`# ${rule(1)}\n# ${rule(2)}`)], lists);
    expect([...set.rules.values()].map((one) => one.enabled)).toEqual([true, false]);
  });

  test("modify changes the text, with groups", () => {
    const lists = readLists({ modify: { name: "m", text: String.raw`1 "alert (\w+)" "drop \1"` } });
    expect(
      [...collectRules([file(`${rule(1)}\n${rule(2)}`)], lists).rules.values()].map((one) => one.text.split(" ", 2).join(" ")),
    ).toEqual(["drop tcp", "alert tcp"]);
  });

  test("a change that breaks a rule leaves it out, and says so", () => {
    const lists = readLists({ modify: { name: "m", text: '1 "sid:1;" ""' } });
    expect(collectRules([file(`${rule(1)}\n${rule(2)}`)], lists)).toMatchObject({ badCount: 1, bad: [{ where: "a.rules:1" }] });
  });

  test.each([
    ["a bad expression", { disable: { name: "d.conf", text: "\nre:(" } }, /d\.conf:2/],
    ["a line that is none", { disable: { name: "d.conf", text: "all" } }, /neither SID/],
    ["a change without a text", { modify: { name: "m.conf", text: '1 "x"' } }, /m\.conf:1/],
  ])("%s is told with its place", (_case, texts, message) => {
    expect(() => readLists(texts)).toThrow(message);
  });

  test("of one sid the highest revision counts; a rule over two lines is one", () => {
    const set = collectRules(
      [file(`${rule(1, "", 2)}\n${rule(1, "", 3)}\n${rule(1)}\nalert tcp any any -> any any \\\n  (msg:"x"; sid:9;)\n`)],
      noLists,
    );
    expect([[...set.rules.values()].map(({ sid, rev }) => [sid, rev]), set.duplicates, set.badCount]).toEqual([
      [
        [1, 3],
        [9, 0],
      ],
      2,
      0,
    ]);
  });
});

describe("writeRuleSet", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "odw-rules-"));
    return () => rmSync(directory, { recursive: true });
  });
  const put = (text: string, dry = false) => writeRuleSet(collectRules([{ name: "x.rules", text }], noLists), directory, "x.rules", dry);
  const there = (): string => readFileSync(join(directory, ruleSetFile), "utf8");

  test("tells what was added, removed and changed, and keeps the set before", () => {
    expect(put(`${rule(1)}\n${rule(2)}\n${rule(3)}`)).toMatchObject({ added: [1, 2, 3], removed: [], changed: [], written: true });
    const before = there();
    expect(put(`${rule(2, "", 2)}\n# ${rule(3)}\n${rule(4)}`)).toMatchObject({
      added: [4],
      removed: [1],
      changed: [2, 3],
      enabled: 2,
      disabled: 1,
    });
    expect(readFileSync(join(directory, "oddwire.rules.previous"), "utf8")).toBe(before);
    expect(put(there())).toMatchObject({ written: false });
  });

  test("a dry run writes nothing", () => {
    expect(put(rule(1), true)).toMatchObject({ added: [1], written: false });
    expect(existsSync(join(directory, ruleSetFile))).toBe(false);
  });

  test.each([
    ["a web page", "<html>\n<body>\n</html>"],
    ["nothing", ""],
    ["more bad lines than rules", `${rule(1)}\nx\ny`],
  ])("%s is refused, and the set that is there stays", (_case, text) => {
    put(rule(1));
    expect(() => put(text)).toThrow(/stay as they are/);
    expect(there()).toBe(`${rule(1)}\n`);
  });
});

describe("readSource", () => {
  let directory: string;
  let server: Server;
  let url: string;
  let asked: string[] = [];
  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), "odw-source-"));
    mkdirSync(join(directory, "rules"));
    writeFileSync(join(directory, "rules/a.rules"), `${rule(1)}\n`);
    writeFileSync(join(directory, `rules/${"long-name-".repeat(15)}.rules`), `${rule(2)}\n`);
    writeFileSync(join(directory, "rules/LICENSE"), "no rules\n");
    execFileSync("tar", ["-C", directory, "-czf", join(directory, "set.tar.gz"), "rules"]);
    execFileSync("tar", ["-C", directory, "--format=pax", "-cf", join(directory, "pax.tar"), "rules"]);
    execFileSync("tar", ["-C", directory, "--format=gnu", "-cf", join(directory, "gnu.tar"), "rules"]);
    server = createServer((request, response) => {
      asked.push(request.url ?? "");
      if (request.url === "/moved") response.writeHead(302, { location: "/set.tar.gz" }).end();
      else if (request.url === "/loop") response.writeHead(302, { location: "/loop" }).end();
      else if (request.url === "/elsewhere") response.writeHead(302, { location: "ftp://127.0.0.1/x" }).end();
      else if (request.url === "/set.tar.gz") response.end(readFileSync(join(directory, "set.tar.gz")));
      else if (request.url === "/large.rules") response.end("x".repeat(5000));
      else if (request.url === "/slow") response.flushHeaders();
      else response.writeHead(404).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(directory, { recursive: true });
  });
  beforeEach(() => {
    asked = [];
  });

  test.each([
    ["a compressed archive", () => join(directory, "set.tar.gz")],
    ["a pax archive with a long name", () => join(directory, "pax.tar")],
    ["a GNU archive with a long name", () => join(directory, "gnu.tar")],
    ["a directory", () => join(directory, "rules")],
    ["a file: address", () => `file://${directory}/set.tar.gz`],
    ["an http address", () => `${url}/set.tar.gz`],
    ["an address that leads on", () => `${url}/moved`],
  ])("%s", async (_case, source) => {
    const set = collectRules(await readSource(source()), noLists);
    expect([...set.rules.values()].map(({ sid }) => sid).toSorted((a, b) => a - b)).toEqual([1, 2]);
  });

  test("a plain file, and a compressed one", async () => {
    writeFileSync(join(directory, "one.rules.gz"), gzipSync(rule(7)));
    expect(await readSource(join(directory, "one.rules.gz"))).toEqual([{ name: "one.rules", text: rule(7) }]);
    expect(await readSource(join(directory, "rules/a.rules"))).toEqual([{ name: "a.rules", text: `${rule(1)}\n` }]);
  });

  test.each([
    ["a file that is not there", () => join(directory, "none"), /ENOENT/],
    ["an answer of 404", () => `${url}/none`, /answered 404/],
    ["an address that leads round in circles", () => `${url}/loop`, /more than 5 times/],
    ["an address that leads to another protocol", () => `${url}/elsewhere`, /not followed/],
    ["a server that is not there", () => "http://127.0.0.1:1/x", /ECONNREFUSED|bad port/],
    ["more than the limit", () => `${url}/large.rules`, /larger than 1000 bytes/],
    ["a server that does not go on", () => `${url}/slow`, /too long/],
  ])("%s is told", async (_case, source, message) => {
    await expect(readSource(source(), { bytesMax: 1000, unpackedBytesMax: 1000, timeoutMs: 300 })).rejects.toThrow(message);
  });

  test("an archive that grows without end is refused", async () => {
    writeFileSync(join(directory, "bomb.gz"), gzipSync(Buffer.alloc(100_000)));
    await expect(readSource(join(directory, "bomb.gz"), { ...sourceLimits, unpackedBytesMax: 1000 })).rejects.toThrow(/ODW|larger than/);
  });

  test("broken archives are told, whatever is broken", () => {
    const archive = readFileSync(join(directory, "pax.tar"));
    fc.assert(
      fc.property(fc.nat(archive.length - 1), fc.nat(255), (at, value) => {
        const broken = Uint8Array.from(archive);
        broken[at] = value;
        try {
          readTar(broken);
        } catch (error) {
          expect((error as Error).message).toMatch(/^the archive /);
        }
      }),
    );
    expect(() => readTar(archive.subarray(0, 700))).toThrow(/cut|no end/);
  });
});
