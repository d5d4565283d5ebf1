import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkThreads, chooseUser, firstUnreadable, prepareDirectory, type ThreadState } from "./rights.ts";

const PASSWD = "root:x:0:0:root:/root:/bin/sh\nanna:x:1000:1001::/home/anna:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n";

describe("the user that the engine becomes", () => {
  test.each([
    ["the configured name", "anna", {}, { name: "anna", uid: 1000, gid: 1001 }],
    ["a number that has a name", "1000", {}, { name: "anna", uid: 1000, gid: 1001 }],
    ["a number without a name", "1234", {}, { name: "1234", uid: 1234, gid: 1234 }],
    ["user and group as numbers", "1234:77", {}, { name: "1234:77", uid: 1234, gid: 77 }],
    ["who called sudo", undefined, { SUDO_UID: "1000", SUDO_GID: "1001" }, { name: "anna", uid: 1000, gid: 1001 }],
    ["nobody when root called sudo", undefined, { SUDO_UID: "0", SUDO_GID: "0" }, { name: "nobody", uid: 65_534, gid: 65_534 }],
    ["nobody for want of anybody", "", {}, { name: "nobody", uid: 65_534, gid: 65_534 }],
    ["nobody when sudo's variables are nonsense", undefined, { SUDO_UID: "x", SUDO_GID: "" }, { name: "nobody", uid: 65_534, gid: 65_534 }],
  ])("%s", (_case, wanted, environment, user) => {
    expect(chooseUser(wanted, PASSWD, environment)).toEqual(user);
  });

  test.each([
    ["root by name", "root", "that is root"],
    ["root by number", "0", "that is root"],
    ["a name that does not exist", "otto", "there is no such user"],
  ])("refused: %s", (_case, wanted, cause) => {
    expect(() => chooseUser(wanted, PASSWD, {})).toThrow(`cannot run as ${wanted}: ${cause}`);
  });
});

const CLEAN = {
  Uid: "1000\t1000\t1000\t1000",
  Gid: "1001\t1001\t1001\t1001",
  CapEff: "0000",
  CapPrm: "0000",
  CapAmb: "0000",
  CapBnd: "0000",
  NoNewPrivs: "0",
};
const thread = (id: number, fields: Partial<typeof CLEAN> = {}): ThreadState => ({
  id,
  fields: new Map(Object.entries({ ...CLEAN, ...fields })),
});

describe("the check of all threads", () => {
  test("passes when none keeps a right", () => {
    expect(checkThreads([thread(1), thread(2), thread(3, { CapBnd: "01ff", NoNewPrivs: "1" })], 1000, 1001)).toBe(3);
  });

  test.each([
    ["an effective capability", { CapEff: "2000" }, "thread 2 keeps CapEff 2000"],
    ["a permitted capability", { CapPrm: "2000" }, "thread 2 keeps CapPrm 2000"],
    ["an ambient capability", { CapAmb: "2000" }, "thread 2 keeps CapAmb 2000"],
    ["a bounding set that started programs could use", { CapBnd: "01ff" }, "thread 2 keeps CapBnd 01ff without NoNewPrivs"],
    ["root as saved user", { Uid: "1000\t1000\t0\t1000" }, "thread 2 keeps user 1000, 1000, 0, 1000"],
    ["root as group", { Gid: "0\t0\t0\t0" }, "thread 2 keeps group 0, 0, 0, 0"],
  ])("fails when one keeps %s", (_case, fields, text) => {
    expect(() => checkThreads([thread(1), thread(2, fields)], 1000, 1001)).toThrow(text);
  });

  test("fails for a thread of which the kernel says nothing", () => {
    expect(() => checkThreads([{ id: 9, fields: new Map() }], 1000, 1001)).toThrow("thread 9 keeps");
  });

  test("fails when the process is still root", () => {
    expect(() => checkThreads([thread(1, { Uid: "0\t0\t0\t0" })], 0, 1001)).toThrow("thread 1 keeps user 0");
  });
});

test("a file that the user cannot read is found", () => {
  const user = { name: "nobody", uid: 65_534, gid: 65_534 };
  expect(firstUnreadable(user, ["/etc/passwd"])).toBeUndefined();
  expect(firstUnreadable(user, ["/etc/passwd", "/etc/no-such-file"])).toBe("/etc/no-such-file");
});

describe.skipIf(process.getuid?.() !== 0)("the output directory (as root)", () => {
  const user = { name: "nobody", uid: 65_534, gid: 65_534 };

  test("what is made belongs to the user, what was there stays as it is", () => {
    const parent = mkdtempSync(join(tmpdir(), "odw-rights-"));
    try {
      prepareDirectory(join(parent, "a", "b"), user);
      expect(["a", "a/b", "."].map((name) => statSync(join(parent, name)).uid)).toEqual([65_534, 65_534, 0]);
      prepareDirectory(join(parent, "a", "b"), user);
      expect(() => prepareDirectory(parent, user)).toThrow(/cannot write .*: capture runs as nobody, who may not write there/);
      expect(() => prepareDirectory("/proc/odw/out", user)).toThrow(/cannot write \/proc\/odw\/out: ENOENT/);
    } finally {
      rmSync(parent, { recursive: true });
    }
  });
});
