import { describe, expect, test } from "vitest";
import { type FlowWords, findingsOf, flowFact } from "#test/fake/fake-facts.ts";
import plugin from "./index.ts";

const [definition] = plugin.detectors ?? [];
if (definition === undefined) throw new Error("the plugin has a detector");
const flow = (words: FlowWords) => ({
  end: flowFact({ answered: true, established: true, packetsToServer: 9, packetsToClient: 8, ...words }),
});

const clear: FlowWords = { service: "failed", payloadToServer: 90, payloadToClient: 60, payloadTextToServer: 1, payloadTextToClient: 0.98 };
const opaque: FlowWords = { ...clear, payloadTextToServer: 0.4, payloadTextToClient: 0.36 };

describe("protocol on another's port", () => {
  test.each<[string, FlowWords, number]>([
    ["SSH on the port of TLS is told", { service: "ssh", serverPort: 443 }, 1],
    ["HTTP on the port of names is told", { service: "http", serverPort: 53 }, 1],
    ["plain HTTP on the port of TLS is told", { service: "http", serverPort: 443 }, 1],
    ["a tunnel on the UDP port of names is told", { service: "wireguard", serverPort: 53, protocol: 17 }, 1],
    ["remote desktop on an odd port is told", { service: "rdp", serverPort: 40_123 }, 1],
    ["a remote screen far from its ports is told", { service: "rfb", serverPort: 443 }, 1],
    ["TLS on its own port is usual", { service: "tls", serverPort: 443 }, 0],
    ["HTTP on a high port is usual", { service: "http", serverPort: 8080 }, 0],
    ["TLS on any port without an owner is usual", { service: "tls", serverPort: 8443 }, 0],
    ["screen 7 is usual", { service: "rfb", serverPort: 5907 }, 0],
    ["mail that went over to TLS is usual", { service: "tls", serverPort: 25 }, 0],
    ["SSH on 2222 is usual", { service: "ssh", serverPort: 2222 }, 0],
    ["an unknown protocol is nobody's", { service: undefined, serverPort: 443 }, 0],
    ["one whose reading failed is nobody's", { service: "failed", serverPort: 443 }, 0],
    ["a flow that stands the wrong way round is not told", { service: "ssh", clientPort: 22, serverPort: 443, midstream: true }, 0],
    ["a question without an answer is not told", { service: "dns", serverPort: 4000, established: false }, 0],
    ["clear text that nobody knows on the port of TLS is told", { ...clear, serverPort: 443 }, 1],
    ["bytes that nobody knows on the port of the web are told", { ...opaque, serverPort: 80 }, 1],
    ["clear text that nobody knows on the port of the web may be a page", { ...clear, serverPort: 80 }, 0],
    ["bytes that nobody knows on the port of TLS may be TLS", { ...opaque, serverPort: 443 }, 0],
    ["what nobody knows on a port without an owner is usual", { ...clear, serverPort: 40_123 }, 0],
    ["a few letters say nothing", { ...clear, serverPort: 443, payloadToServer: 20 }, 0],
    ["QUIC on 443 is usual", { service: "quic", serverPort: 443, protocol: 17 }, 0],
  ])("%s", (_case, words, expected) => {
    expect(findingsOf(definition, [flow(words)])).toHaveLength(expected);
  });

  test("what is known to be so is not told", () => {
    expect(findingsOf(definition, [flow({ service: "ssh", serverPort: 443 })], { ignored: ["ssh/443"] })).toEqual([]);
  });

  test("says who speaks what where, and whose port it is", () => {
    const [finding] = findingsOf(definition, [flow({ service: "ssh", serverPort: 443 })]);
    expect(finding).toMatchObject({
      title: "10.0.0.2 speaks ssh with 10.0.0.1 on TCP port 443; the port of tls",
      severity: "medium",
      cause: "10.0.0.2:443/TCP/ssh",
    });
  });

  test("a long flow is told at its 64th packet", () => {
    const fact = flowFact({ answered: true, established: true, packetsToServer: 64, service: "ssh", serverPort: 80 });
    expect(findingsOf(definition, [{ update: fact }])).toHaveLength(1);
  });
});
