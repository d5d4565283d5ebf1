import { describe, expect, test } from "vitest";
import { corpus, withoutCorpora } from "../corpora.ts";
import { eventsIn, reading } from "../reading.ts";

/** Detectors of data in names and pings, and of odd answers. */
const detectors = new Set([
  "dns-tunnel",
  "icmp-tunnel",
  "dga",
  "nxdomain-storm",
  "fast-flux",
  "dns-rebinding",
  "dns-answer-race",
  "dns-search-page",
]);

/** What they say of a capture, as `detector category`. */
async function saidOf(path: string): Promise<string[]> {
  const said = eventsIn(await reading([path]))
    .filter(({ event_type: kind }) => kind === "finding")
    .map((event) => event["finding"] as { readonly detector: string; readonly category: string })
    .filter(({ detector }) => detectors.has(detector))
    .map(({ detector, category }) => `${detector} ${category}`);
  return [...new Set(said)];
}

const pathOf = (name: string): string => corpus().find(({ file }) => file.endsWith(name))?.path ?? "";

describe.skipIf(withoutCorpora !== undefined)("data in names and pings, in real captures", () => {
  test.each<[string, string, readonly string[]]>([
    ["a tunnel through a name server", "nDPI-dns-tunnel-iodine.pcap", ["dns-tunnel tunnel"]],
    ["a shell through names without a domain", "nDPI-dns_exfiltration.pcap", ["dns-tunnel tunnel"]],
    ["a tunnel of TXT records among tests of parsers", "sv-dns-bug-1158-input.pcap", ["dns-tunnel tunnel"]],
    ["a tunnel through pings", "nDPI-icmp-tunnel.pcap", ["icmp-tunnel tunnel"]],
    ["a provider that leads missing names to its search page", "packets-dns_isp_hijack.pcapng", ["dns-search-page spoofing"]],
    ["twenty missing hosts of one domain", "sv-dns-dns-tcp-multirequest-buffer-dns-tcp-multirequest-buffer.pcap", []],
    ["a laptop that starts, with a VPN", "nDPI-anyconnect-vpn.pcap", []],
    ["names of delivery networks", "nDPI-dns_ambiguous_names.pcap", []],
    ["a console with hashed names", "nDPI-nintendo.pcap", []],
  ])("%s", async (_case, name, expected) => {
    expect(await saidOf(pathOf(name))).toEqual(expected);
  });
});
