import { describe, expect, test } from "vitest";
import { corpus, withoutCorpora } from "../corpora.ts";
import { eventsIn, reading } from "../reading.ts";

/** What is told of a capture, by the end of its name. */
async function mismatches(name: string): Promise<string[]> {
  const file = corpus().find((one) => one.file.endsWith(`/${name}`));
  if (file === undefined) return ["no such capture"];
  const found = eventsIn(await reading([file.path])).flatMap((event) => {
    const { finding } = event as { readonly finding?: { readonly detector: string; readonly title: string } };
    return event.event_type === "finding" && finding?.detector === "protocol-port-mismatch" ? [finding.title] : [];
  });
  return [...new Set(found)];
}

describe.skipIf(withoutCorpora !== undefined)(
  `protocols on ports of others in real captures${withoutCorpora === undefined ? "" : ` (${withoutCorpora})`}`,
  () => {
    test.each([
      ["SMB on the port of HTTP", "arkime-smb-port80.pcap", /speaks smb with 10\.0\.0\.2 on TCP port 80; the port of http$/],
      ["LDAP on 1389, as those who abuse a logger's look-ups use it", "sv-output-multi-eve-input.pcap", /speaks ldap .* on TCP port 1389/],
      ["plain HTTP on the port of TLS", "sv-http-brotli-ce-input.pcap", /speaks http .* on TCP port 443; the port of tls$/],
    ])("%s is told", async (_case, name, title) => {
      expect(await mismatches(name)).toEqual([expect.stringMatching(title)]);
    });

    test.each([
      ["mail that goes over to TLS", "nDPI-imap-starttls.pcap"],
      ["a stream of video over HTTP on a high port", "nDPI-hls.pcapng"],
      ["PostgreSQL on a port of its own", "nDPI-pgsql2.pcapng"],
    ])("%s is not told", async (_case, name) => {
      expect(await mismatches(name)).toEqual([]);
    });
  },
);
