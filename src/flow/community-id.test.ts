import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAddress } from "#base/address.ts";
import { CommunityId } from "./community-id.ts";
import { icmpCounterpart } from "./key.ts";
import * as R from "./record.generated.ts";

function communityId(client: string, server: string, protocol: number, clientPort: number, serverPort: number): string {
  const words = new Int32Array(R.RECORD_WORDS);
  const a = parseAddress(client);
  const b = parseAddress(server);
  if (a === undefined || b === undefined) throw new Error("test address");
  a.words.forEach((word, i) => {
    words[R.CLIENT + i] = word;
    words[R.SERVER + i] = b.words[i] as number;
  });
  words[R.PORTS] = (clientPort << 16) | serverPort;
  words[R.KIND] = protocol;
  const out = new Uint8Array(30);
  new CommunityId().write(words, 0, a.version === 6, out, 0);
  return new TextDecoder().decode(out);
}

const text = (bytes: number[]): string =>
  bytes.reduce((s, byte, i) => s + (i > 0 && i % 2 === 0 ? ":" : "") + byte.toString(16).padStart(2, "0"), "");

describe("community id", () => {
  // Vectors of the specification's repository, seed 0.
  test.each([
    ["TCP", "128.232.110.120", "66.35.250.204", 6, 34855, 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
    ["TCP from the other side", "66.35.250.204", "128.232.110.120", 6, 80, 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
    ["UDP", "192.168.1.52", "8.8.8.8", 17, 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
    ["SCTP", "192.168.170.8", "192.168.170.56", 132, 7, 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="],
    ["ICMP echo", "192.168.0.89", "192.168.0.1", 1, 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="],
  ])("%s", (_case, client, server, protocol, clientPort, serverPort, expected) => {
    expect(communityId(client, server, protocol, clientPort, serverPort)).toBe(expected);
  });

  test("equals SHA-1 over the message of the specification", () => {
    const octets = fc.array(fc.nat(255), { minLength: 16, maxLength: 16 });
    fc.assert(
      fc.property(octets, octets, fc.nat(65535), fc.nat(65535), fc.constantFrom(6, 17, 132, 47), (a, b, p, q, protocol) => {
        const first =
          Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0 || (Buffer.compare(Buffer.from(a), Buffer.from(b)) === 0 && p <= q);
        const ports = Buffer.alloc(4);
        ports.writeUInt16BE(first ? p : q, 0);
        ports.writeUInt16BE(first ? q : p, 2);
        const message = Buffer.concat([
          Buffer.alloc(2),
          Buffer.from(first ? a : b),
          Buffer.from(first ? b : a),
          Buffer.from([protocol, 0]),
          protocol === 47 ? Buffer.alloc(0) : ports,
        ]);
        expect(communityId(text(a), text(b), protocol, p, q)).toBe(`1:${createHash("sha1").update(message).digest("base64")}`);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test.each([
    [1, 8, 0],
    [1, 0, 8],
    [1, 3, -1],
    [58, 128, 129],
    [58, 135, 136],
    [58, 1, -1],
  ])("ICMP protocol %d type %d is answered by %d", (protocol, type, expected) => expect(icmpCounterpart(protocol, type)).toBe(expected));
});
