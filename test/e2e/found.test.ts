import { afterAll, describe, expect, test } from "vitest";
import { corpus, withoutCorpora } from "./corpora.ts";
import { oddwire, temporary } from "./oddwire.ts";

const folder = temporary();
afterAll(() => folder[Symbol.dispose]());

/** Words of what `oddwire read` prints below its counts, as one line: where lines break is not looked at. */
async function foundIn(name: string): Promise<string> {
  const path = corpus().find(({ file }) => file.endsWith(`/${name}`))?.path ?? name;
  const { code, out, err } = await oddwire(["read", path, "-o", folder.at(name)]);
  expect([code, err]).toEqual([0, ""]);
  expect(out.split("\n").filter((line) => line.length > 80 && !line.includes(folder.path))).toEqual([]);
  expect(out).toMatch(/^look {5}oddwire query findings -o /m);
  return out.slice(out.indexOf("\nfound ")).replace(/\s+/g, " ");
}

/** Captures of attacks, and what somebody reads of them who does not know what they are. */
const attacks: readonly (readonly [string, string, readonly string[]])[] = [
  [
    "a port scan",
    "nDPI-synscan.pcap",
    [
      "found 1 high",
      "high 172.16.0.8 knocked at 40",
      "TCP ports of 64.13.134.52 in",
      "s, 400 of them gave no answer",
      "why ports without an answer: 400 (threshold 25, 40",
      "share without an answer: ",
      "means Somebody looks which machines and services there are, as is done before an attack.",
      "next If the source is yours and no scanner or monitoring of yours, examine it.",
    ],
  ],
  [
    "guessed passwords, one of them right",
    "PCAP-ATTACK-CA_kerbrute_passwordspray_kerberos_AS-REQ.pcapng",
    [
      "found 1 critical, 1 high",
      "critical 172.16.66.1 failed 9 times to log in to Kerberos of 172.16.66.36 within 1 s",
      "and then got in as normal",
      "means Somebody guesses passwords.",
      "change that password and look at what was done with the account",
    ],
  ],
  [
    "malware for remote control",
    "zeek-asyncrat-detector-30a385ed-171e-4f15-ac3f-08c96be7bfd1.pcap",
    [
      "critical 192.168.100.20 spoke with 186.169.47.11 port 7084, whose certificate is the one that DcRat makes by default",
      "why issuer of the certificate: CN=DcRat Server",
      "they can do on this machine whatever its user can",
      "next Take the machine off the network",
      "low 186.169.47.11:7084 speaks TLSv1, which is not to be used any more",
    ],
  ],
  [
    "data hidden in names",
    "nDPI-dns-tunnel-iodine.pcap",
    [
      "high 10.0.2.30 asked for 35 names below pirate.sea in 13 s; about 2482 bytes of data seem hidden in them",
      "why bytes hidden in names each second: 82.73",
      "past a firewall that lets DNS through",
      "next Find out which program on the machine asks and whose the domain is.",
    ],
  ],
  [
    "a machine between another one and its router",
    "packets-arppoison.pcapng",
    [
      "high The traffic of 172.16.0.107 goes through 00:25:b3:bf:91:ee since that machine claimed 172.16.0.1 without being asked",
      "why flows to the outside over the former router: 16 (threshold 3)",
      "It can read and change all that is not encrypted.",
      "next Find the machine by its MAC address (the switch knows the port) and cut it off.",
    ],
  ],
];

describe.skipIf(withoutCorpora !== undefined)("oddwire read says what it has found, why, what it means and what to do", () => {
  test.each(attacks)("%s", async (_case, name, parts) => {
    const text = await foundIn(name);
    for (const part of parts) expect(text).toContain(part);
  });
});
