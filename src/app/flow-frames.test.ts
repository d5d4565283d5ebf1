import { assert, nat, property, uint8Array } from "fast-check";
import { expect, test } from "vitest";
import { carries, endsOf, type FlowEnds } from "./flow-frames.ts";

const hex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const ethernet = "020000000001 020000000002 0800";
const toServer = "0a000001 0a000002";
const toClient = "0a000002 0a000001";
const ipv4 = (addresses: string, proto = "06", fragment = "0000") => `45000028 0001${fragment} 40${proto}0000 ${addresses}`;
const ends = endsOf({ src_ip: "10.0.0.1", src_port: 1025, dest_ip: "10.0.0.2", dest_port: 80, proto: "TCP" }) as FlowEnds;
const ports = "0401 0050 00000000";

test.each<[string, string, boolean]>([
  ["a packet of the client", `${ethernet} ${ipv4(toServer)} ${ports}`, true],
  ["the server's answer", `${ethernet} ${ipv4(toClient)} 0050 0401`, true],
  ["an answer with the ports of a request", `${ethernet} ${ipv4(toClient)} ${ports}`, false],
  ["another port", `${ethernet} ${ipv4(toServer)} 0402 0050`, false],
  ["another transport", `${ethernet} ${ipv4(toServer, "11")} ${ports}`, false],
  ["other hosts", `${ethernet} ${ipv4("0a000001 0a000003")} ${ports}`, false],
  ["inside two VLANs", `020000000001 020000000002 8100000a 8100000b 0800 ${ipv4(toServer)} ${ports}`, true],
  ["inside GRE", `${ethernet} ${ipv4("c0000201 c0000202", "2f")} 00000800 ${ipv4(toServer)} ${ports}`, true],
  ["a later fragment, which has no ports", `${ethernet} ${ipv4(toServer, "06", "0007")} ffff ffff`, true],
  ["cut before its ports", `${ethernet} ${ipv4(toServer)}`, true],
  ["addresses that stand in no header", `${ethernet} 00000000 00000000 00000000 ${toServer} ${ports}`, false],
  ["nothing", "", false],
])("%s", (_case, text, expected) => {
  const bytes = hex(text);
  expect(carries(bytes, 0, bytes.length, ends)).toBe(expected);
});

test("IPv6, also behind an extension header", () => {
  const six = endsOf({ src_ip: "fd00::1", src_port: 1025, dest_ip: "fd00::2", dest_port: 80, proto: "tcp" }) as FlowEnds;
  const addresses = "fd000000000000000000000000000001 fd000000000000000000000000000002";
  for (const [next, rest, expected] of [
    ["06", ports, true],
    ["06", "0401 0051", false],
    ["11", ports, false],
    ["2c", "0600 0000 00000000", true],
  ] as const) {
    const bytes = hex(`${ethernet} 60000000 0014${next}40 ${addresses} ${rest}`);
    expect(carries(bytes, 0, bytes.length, six), `${next} ${rest}`).toBe(expected);
  }
});

test("no bytes break it, and it never looks behind the frame", () => {
  assert(
    property(uint8Array({ maxLength: 400 }), nat(400), (bytes, cut) => {
      const to = Math.min(cut, bytes.length);
      expect(carries(bytes, 0, to, ends)).toBe(carries(bytes.slice(0, to), 0, to, ends));
    }),
  );
});

test("what is no address has no ends", () => {
  expect(endsOf({ src_ip: "nobody", dest_ip: "10.0.0.1", proto: "TCP" })).toBeUndefined();
  expect(endsOf({ src_ip: "fd00::1", dest_ip: "10.0.0.1", proto: "TCP" })).toBeUndefined();
});
