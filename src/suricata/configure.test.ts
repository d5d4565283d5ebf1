import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { checkConfiguration, complaintsIn, mendFor } from "./check-configuration.ts";
import { type SuricataPlan, suricataYaml } from "./configure.ts";
import { findSuricata } from "./find.ts";

const plan = (more: Partial<SuricataPlan> = {}): SuricataPlan => ({
  interfaces: ["eth0"],
  directory: "/run/x",
  rules: [],
  tell: [],
  statsIntervalS: 8,
  ja3: true,
  ja4: true,
  unixSocket: true,
  clusterId: 77,
  ...more,
});

const installed = `%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[192.168.0.0/16]"
outputs:
  - fast: {enabled: yes}
run-as: {user: suri}
rule-files: [suricata.rules]
default-rule-path: /var/lib/suricata/rules
app-layer:
  protocols:
    tls: {enabled: yes, detection-ports: {dp: 443}}
    mqtt: {enabled: no}
stream: {memcap: 64 MiB, inline: auto}
`;
type Tree = { readonly [name: string]: never };
const made = (text: string | undefined, more: Partial<SuricataPlan> = {}): Tree =>
  parse(suricataYaml(text, plan(more)), { version: "1.1" }) as Tree;

function typesFor(tell: readonly string[]): string[] {
  const [output] = made(installed, { tell })["outputs"] as unknown as { readonly "eve-log": { readonly types: object[] } }[];
  return output?.["eve-log"].types.flatMap((type) => Object.keys(type)) ?? [];
}

describe("suricataYaml", () => {
  test("what is watched and how is kept, where it goes is ours", () => {
    expect(made(installed)).toMatchObject({
      vars: { "address-groups": { HOME_NET: "[192.168.0.0/16]" } },
      "rule-files": ["suricata.rules"],
      "default-rule-path": "/var/lib/suricata/rules",
      stream: { memcap: "64 MiB", inline: "auto" },
      "app-layer": {
        protocols: {
          tls: { "detection-ports": { dp: 443 }, "ja3-fingerprints": true, "ja4-fingerprints": true },
          quic: { enabled: true, "ja3-fingerprints": true },
          mqtt: { enabled: false },
        },
      },
      "default-log-dir": "/run/x/log",
      stats: { enabled: true, interval: 8 },
      outputs: [{ "eve-log": { filename: "eve.json", "community-id": true, types: [{ alert: {} }, { stats: {} }] } }],
      "af-packet": [{ interface: "eth0", "cluster-id": 77 }],
      "unix-command": { enabled: true, filename: "/run/x/log/command.socket" },
    });
  });

  test.each([
    [
      "rules that are named replace the installed ones",
      { rules: ["/a/b.rules"] },
      { "rule-files": ["/a/b.rules"], "default-rule-path": "/" },
    ],
    ["it becomes another user", { user: { uid: 7, gid: 8 } }, { "run-as": { user: 7, group: 8 } }],
    ["each interface has a group of its own", { interfaces: ["a", "b"] }, { "af-packet": [{ "cluster-id": 77 }, { "cluster-id": 78 }] }],
    ["no socket where it knows none", { unixSocket: false }, { "unix-command": { enabled: false } }],
  ])("%s", (_case, more, expected) => {
    expect(made(installed, more)).toMatchObject(expected);
  });

  test("the installed user does not become ours", () => expect(made(installed)).not.toHaveProperty("run-as"));
  test("a file needs no interface", () => expect(made(installed, { interfaces: [] })).not.toHaveProperty("af-packet"));
  test("without an installed one it is whole too", () => expect(made(undefined)).toHaveProperty("outputs"));

  test("kinds that are wanted are told, by their names there", () => {
    expect(typesFor(["dns", "fileinfo", "bittorrent_dht", "nonsense"])).toEqual(["alert", "stats", "dns", "files", "bittorrent-dht"]);
    expect(typesFor(["all"])).toEqual(expect.arrayContaining(["http", "tls", "flow", "files"]));
  });

  test("an installed one that is no YAML is refused", () => expect(() => suricataYaml("a: [", plan())).toThrow());
});

describe("what Suricata complains of", () => {
  test.each([
    ["errors", 'i: notice\nW: warning\nE: detect: error parsing signature "x"\n', ['detect: error parsing signature "x"']],
    [
      "warnings, when there are no errors",
      "i: notice\nW: detect: No rule files match the pattern\n",
      ["detect: No rule files match the pattern"],
    ],
    ["nothing", "i: notice\n", []],
  ])("%s", (_case, text, complaints) => expect(complaintsIn(text)).toEqual(complaints));

  test.each([
    ["error parsing signature", /mend or disable/],
    ["No rule files match", /--rules/],
    ["open: Permission denied", /permissions/],
    ["something else", /suricata\.config/],
  ])("%s has a mend", (cause, mend) => expect(mendFor(cause)).toMatch(mend));
});

describe("a program that stands for Suricata", () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), "odw-find-"));
  });
  afterAll(() => rmSync(directory, { recursive: true }));
  const program = (name: string, script: string): string => {
    const path = join(directory, name);
    writeFileSync(path, `#!/bin/sh\n${script}\n`);
    chmodSync(path, 0o755);
    return path;
  };

  test("is found with its version, features and configuration", async () => {
    mkdirSync(join(directory, "etc/suricata"), { recursive: true });
    writeFileSync(join(directory, "etc/suricata/suricata.yaml"), "");
    const text = `This is Suricata version 8.0.1 RELEASE\nFeatures: AF_PACKET HAVE_JA3\n  Unix socket enabled:  yes\n  --sysconfdir   ${directory}/etc\n`;
    const binary = program("good", `cat <<'X'\n${text}X`);
    expect(await findSuricata({ binary, configuration: "" })).toEqual({
      binary,
      version: "8.0.1",
      features: ["AF_PACKET", "HAVE_JA3"],
      can: { afPacket: true, unixSocket: true, dropRights: false, ja3: true, ja4: false },
      configuration: `${directory}/etc/suricata/suricata.yaml`,
    });
  });

  test.each([
    ["one that is not there", () => "/none", "", /\/none is no program/],
    ["one that is another program", () => program("other", "echo hello"), "", /does not say that it is Suricata/],
    ["one that fails", () => program("bad", "exit 1"), "", /does not answer/],
    ["a configuration that is not there", () => program("any", ""), "/none.yaml", /none\.yaml is not there/],
  ])("%s is told", async (_case, binary, configuration, message) => {
    await expect(findSuricata({ binary: binary(), configuration })).rejects.toThrow(message);
  });

  test("that refuses its configuration is quoted, with a mend", async () => {
    const binary = program("refuses", "echo 'E: detect: error parsing signature' >&2; exit 1");
    await expect(checkConfiguration(binary, "/x", "/x")).rejects.toThrow(
      /detect: error parsing signature \(mend or disable the rule it names\)/,
    );
    await checkConfiguration(program("accepts", "exit 0"), "/x", "/x");
  });
});

const real = await findSuricata({ binary: "", configuration: "" }).catch(() => undefined);

describe.skipIf(real?.configuration === undefined)("the installed Suricata", () => {
  test("accepts what is made of its own configuration, and names a bad rule", async () => {
    const directory = mkdtempSync(join(tmpdir(), "odw-check-"));
    try {
      mkdirSync(join(directory, "log"));
      const rules = join(directory, "one.rules");
      const path = join(directory, "suricata.yaml");
      writeFileSync(
        path,
        suricataYaml(
          readFileSync(real?.configuration ?? "", "utf8"),
          plan({ directory, rules: [rules], interfaces: ["lo"], tell: ["all"] }),
        ),
      );
      writeFileSync(rules, 'alert tcp any any -> any any (msg:"x"; sid:1;)\n');
      await checkConfiguration(real?.binary ?? "", path, join(directory, "log"));
      expect(existsSync(join(directory, "log/eve.json"))).toBe(true);
      writeFileSync(rules, 'alert tcp any any -> any any (msg:"x; sid:1;)\n');
      await expect(checkConfiguration(real?.binary ?? "", path, join(directory, "log"))).rejects.toThrow(/one\.rules at line 1/);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });
});
