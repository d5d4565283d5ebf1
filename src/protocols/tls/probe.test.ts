import { expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import { Probe, Side } from "#contract/parser.ts";
import { probe } from "./probe.ts";
import { clientHello, message, opaqueRecord, record, serverHello, text, u24 } from "./samples.common.ts";

const HELLO = record(22, message(1, clientHello()));
const SSL2 = `802e0103010015000000100000390000350000050000040100800000ffaabbcc${"5c".repeat(17)}`;

test.each<[string, string, boolean, Probe]>([
  ["a client's hello", HELLO, false, Probe.yes],
  ["the first eleven bytes of it are enough", HELLO.slice(0, 22), false, Probe.yes],
  ["ten are too few", HELLO.slice(0, 20), false, Probe.more],
  ["a server's hello", record(22, message(2, serverHello())), false, Probe.yes],
  ["a hello cut into tiny records", record(22, "01") + record(22, "0000"), false, Probe.yes],
  ["one tiny record says nothing yet", record(22, "01"), false, Probe.more],
  ["certificates, met in the middle", record(22, message(11, `${u24(600)}${u24(597)}${"30".repeat(597)}`)), false, Probe.yes],
  ["a hello whose length cannot be is at best an encrypted record", record(22, `01ff0000${clientHello()}`), false, Probe.more],
  ["a version of the future", "1603090100010000", false, Probe.no],
  ["three records of data", opaqueRecord().repeat(3), false, Probe.yes],
  ["two of them say nothing yet", opaqueRecord().repeat(2), false, Probe.more],
  ["on a usual port one is enough", opaqueRecord(), true, Probe.yes],
  ["a record that leads nowhere", `${opaqueRecord()}4142434445`, false, Probe.no],
  ["a hello of SSL 2.0", SSL2, false, Probe.yes],
  ["one with a wrong sum", `8030${SSL2.slice(4)}`, false, Probe.no],
  ["HTTP", text("GET / HTTP/1.1\r\n\r\n"), true, Probe.no],
  ["SSH", text("SSH-2.0-x\r\n"), true, Probe.no],
  ["DNS over TCP", "001d1603030000000000000000000000000000", false, Probe.no],
  ["RDP", "030000130ee00000000000010008000b000000", true, Probe.no],
  ["nothing", "", false, Probe.more],
])("%s", (_case, hex, usualPort, wanted) => {
  expect(probe(Side.toServer, ByteView.over(fromHex(hex)), usualPort)).toBe(wanted);
});
