import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import { attribute, matchCertificate } from "./certificate-match.ts";
import commandAndControl from "./index.ts";
import { oddityOf } from "./user-agent.ts";

const find = (name: string, history: readonly Heard[]): Finding[] => {
  const definition = commandAndControl.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history);
};

const OUTSIDE = { server: "203.0.113.7", serverPort: 4782 } as const;
const tls = (fields: Transaction, flow: FlowWords = OUTSIDE): Heard => ({ message: messageFact("tls", fields, flow) });
const http = (fields: Transaction, flow: FlowWords = { server: "203.0.113.7" }): Heard => ({ message: messageFact("http", fields, flow) });
const end = (flow: FlowWords): Heard => ({ end: flowFact({ ...OUTSIDE, answered: true, established: true, reason: "fin", ...flow }) });

const homeMade: Transaction = {
  subject: "CN=Some Server CA",
  issuerdn: "CN=Some Server CA",
  self_signed: true,
  version: "TLS 1.2",
  notafter: "9999-12-31T23:59:59",
};
const device: Transaction = { ...homeMade, subject: "CN=nas, O=Example", issuerdn: "CN=nas, O=Example", notafter: "2035-01-01T00:00:00" };

describe("command-and-control", () => {
  test.each<[string, Heard[], number]>([
    ["AsyncRAT's default certificate", [tls({ subject: "CN=AsyncRAT Server", issuerdn: "CN=AsyncRAT Server" })], 1],
    ["DcRat's issuer", [tls({ subject: "CN=x", issuerdn: "CN=DcRat Server, OU=qwqdanchun, O=DcRat By qwqdanchun, L=SH, C=CN" })], 1],
    ["Cobalt Strike's default serial number", [tls({ subject: "CN=x", issuerdn: "CN=x", serial: "08:BB:00:EE" })], 1],
    ["a certificate without end, issued by itself, on an odd port, without a name", [tls(homeMade)], 1],
    ["the same inside the network", [tls(homeMade, { server: "10.0.0.9", serverPort: 4782 })], 0],
    ["a tool's name within a longer name", [tls({ subject: "CN=Not AsyncRAT Server", issuerdn: "O=Example" })], 0],
    ["a device's own certificate", [tls({ ...device, sni: "nas.example.org" })], 0],
    ["a device's own certificate asked without a name, briefly", [tls(device), end({ at: 5, began: 0 })], 0],
    [
      "a certificate of an authority",
      [tls({ subject: "CN=example.org", issuerdn: "C=US, O=Let's Encrypt, CN=R3", sni: "example.org" })],
      0,
    ],
    [
      "a voice server's certificate that is its own",
      [tls({ ...device, client_alpns: ["x"] }, { server: "203.0.113.7", serverPort: 64_738 })],
      0,
    ],
    ["a session that goes on without a certificate", [tls({ session_resumed: true, version: "TLSv1" })], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("command-and-control", history)).toHaveLength(expected);
  });

  const panel: Transaction = {
    http_method: "POST",
    hostname: "something.ydns.eu",
    url: "/inc/0a1b2c3d4e5f60.php",
    http_user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:99.0) Gecko/20100101 Firefox/99.0",
    request_header_names: "User-Agent,Content-Type,Host,Content-Length,Expect,Connection",
    status: 200,
    length: 50,
  };
  test.each<[string, Transaction, number]>([
    ["a form of a stealer", panel, 1],
    ["a browser's form", { ...panel, http_refer: "http://x/", request_header_names: "Host,User-Agent,Accept,Accept-Language,Referer" }, 0],
    ["a program under its own name", { ...panel, http_user_agent: "curl/8.5.0" }, 0],
    ["a page that is only fetched", { ...panel, http_method: "GET" }, 0],
    ["a bare client of an ordinary service", { ...panel, hostname: "api.example.org", url: "/v1/events" }, 0],
  ])("%s", (_case, fields, expected) => {
    expect(find("command-and-control", [http(fields)])).toHaveLength(expected);
  });

  test("what waits is judged by how it goes on", () => {
    const bare: Transaction = { ...device, subject: "CN=thing", issuerdn: "CN=thing", version: "TLSv1" };
    const [finding] = find("command-and-control", [tls(bare), end({ at: 90, began: 0, packetsToServer: 60, bytesToServer: 6000 })]);
    expect(finding).toMatchObject({ target: "203.0.113.7", severity: "high" });
    expect(finding?.why[0]).toMatchObject({ feature: "points of evidence", threshold: 5 });
  });

  test("waiting connections are bounded", () => {
    const bare: Transaction = { ...device, version: "TLSv1" };
    expect(
      find(
        "command-and-control",
        many(5000, (i) => tls(bare, { ...OUTSIDE, flowId: i })),
      ),
    ).toHaveLength(0);
  });
});

describe("names of certificates", () => {
  test.each<[string, string, "CN" | "O", string | undefined]>([
    ["first", "CN=a, O=b", "CN", "a"],
    ["last", "C=US, O=Example, Inc., CN=a", "CN", "a"],
    ["with a comma inside", "C=US, O=Example, Inc., CN=a", "O", "Example, Inc."],
    ["missing", "C=US, CN=a", "O", undefined],
    ["of another type that ends alike", "XCN=a", "CN", undefined],
  ])("%s", (_case, name, type, expected) => expect(attribute(name, type)).toBe(expected));

  test("a hidden zero in front of a serial number is no other number", () => {
    expect(matchCertificate({ serial: "00:08:BB:00:EE" })?.family).toBe("Cobalt Strike");
  });
});

const calls = (method: string, flow: FlowWords = {}): Heard => ({
  message: messageFact("json_rpc", { method, type: "call" }, { server: "203.0.113.7", ...flow }),
});

describe("cryptomining", () => {
  test.each<[string, Heard[], number]>([
    ["Stratum", [calls("mining.subscribe")], 1],
    ["a CryptoNote pool", [calls("login"), calls("job")], 1],
    ["a login of something else", [calls("login"), calls("logout")], 0],
    ["a language server", [calls("initialize"), calls("textDocument/didOpen")], 0],
  ])("%s", (_case, history, expected) => expect(find("cryptomining", history)).toHaveLength(expected));
});

describe("unusual-user-agent", () => {
  test.each<[string, string, boolean]>([
    ["a browser", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", false],
    ["a library", "python-requests/2.32.0", false],
    ["an updater", "Microsoft-CryptoAPI/10.0", false],
    ["a scanner of holes", "sqlmap/1.8 (https://sqlmap.org)", true],
    ["a shell", "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.1", true],
    ["nothing behind the slash", "Mozilla/5.0", true],
    ["an old version that never was", "Mozilla/3.0 (compatible)", true],
    ["a blank", "  ", true],
  ])("%s", (_case, agent, expected) => {
    expect(oddityOf(agent) !== undefined).toBe(expected);
  });

  test("one client's agent is told once", () => {
    const fields = { http_user_agent: "sqlmap/1.8", hostname: "x.example" };
    expect(
      find(
        "unusual-user-agent",
        many(9, () => http(fields)),
      ),
    ).toHaveLength(1);
  });
});
