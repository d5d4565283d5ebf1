import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import type { Transaction } from "#contract/parser.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import bruteForce from "./index.ts";

const find = (history: readonly Heard[]): Finding[] => {
  const [definition] = bruteForce.detectors ?? [];
  return definition === undefined ? [] : findingsOf(definition, history);
};
/** What was told of each cause, last. */
const told = (history: readonly Heard[]): string[] => [...new Map(find(history).map((finding) => [finding.cause, finding.title])).values()];

const ssh = (at: number, more: FlowWords = {}): Heard => ({
  end: flowFact({
    at,
    service: "ssh",
    serverPort: 22,
    answered: true,
    established: true,
    packetsToServer: 13,
    packetsToClient: 14,
    bytesToServer: 1711,
    bytesToClient: 3055,
    ...more,
  }),
});
const message = (kind: string, at: number, fields: Transaction, flow: FlowWords = {}): Heard => ({
  message: messageFact(kind, fields, { at, ...flow }),
});
const ftp = (at: number, code: string, user: string, flow: FlowWords = {}): Heard =>
  message("ftp", at, { command: "PASS", completion_code: [code], user }, flow);
const kerberos = (i: number): Heard[] => [
  message("krb5", i, { msg_type: "KRB_AS_REQ", cname: `user${i}` }, { flowId: i }),
  message(
    "krb5",
    i + 0.1,
    { msg_type: "KRB_ERROR", failed_request: "KRB_AS_REQ", error_code: "KDC_ERR_C_PRINCIPAL_UNKNOWN" },
    { flowId: i },
  ),
];

describe("brute force", () => {
  test.each<[string, Heard[], number]>([
    ["SSH connections that end after the key exchange", many(8, (i) => ssh(i)), 1],
    ["SSH sessions that do something", many(60, (i) => ssh(i, { bytesToServer: 6000, bytesToClient: 9000 })), 0],
    ["a monitor that looks at SSH's banner", many(60, (i) => ssh(i, { packetsToServer: 5, bytesToServer: 400 })), 0],
    ["one SSH login an hour that fails", many(24, (i) => ssh(i * 3600)), 0],
    ["FTP passwords of one account", many(10, (i) => ftp(i, "530", "anna")), 1],
    ["a person who mistypes twice", [ftp(0, "530", "anna"), ftp(5, "530", "anna"), ftp(9, "230", "anna")], 0],
    ["many people log in at a proxy, some mistype", many(200, (i) => ftp(i, i % 5 === 0 ? "530" : "230", `user${i}`)), 0],
    ["many accounts, one password each", many(10, (i) => ftp(i * 20, "530", `user${i}`)), 1],
    ["accounts that Kerberos does not know", many(10, (i) => kerberos(i)).flat(), 1],
    ["many machines, one server", many(40, (i) => ftp(i, "530", "root", { client: `198.51.100.${i % 20}` })), 1],
    [
      "a web client asks for credentials first",
      many(100, (i) => message("http", i, { status: i % 2 === 0 ? 401 : 200, url: "/", http_method: "GET" })),
      0,
    ],
    ["a login page is hammered", many(60, (i) => message("http", i / 2, { status: 200, url: "/wp-login.php", http_method: "POST" })), 1],
    [
      "an interface is asked by POST",
      many(600, (i) => message("http", i / 9, { status: 200, url: "/api/v1/data", http_method: "POST" })),
      0,
    ],
    [
      "SIP asks for the proof first",
      many(60, (i) => message("sip", i, { code: i % 2 === 0 ? "401" : "200", cseq: `${i} REGISTER`, to: "<sip:a@b>" })),
      0,
    ],
  ])("%s", (_case, history, expected) => {
    expect(told(history)).toHaveLength(expected);
  });

  test.each<[string, string, Transaction]>([
    ["SMTP", "smtp", { auth: "LOGIN", auth_success: false }],
    ["IMAP", "imap", { request: { command: "LOGIN" }, response: { status: "NO" } }],
    ["POP3", "pop3", { request: { command: "PASS" }, response: { success: false } }],
    ["MySQL", "mysql", { cmd: "login", arg: "root", success: false, error_code: 1045 }],
    ["PostgreSQL", "pgsql", { request: {}, response: { code: "28P01" } }],
    ["SQL Server", "tds", { type: "login", success: false, error_number: 18456 }],
    [
      "LDAP",
      "ldap",
      {
        request: { bind_request: { name: "cn=a", authentication: "simple" } },
        responses: [{ bind_response: { result_code: "invalid_credentials" } }],
      },
    ],
    ["Redis", "redis", { cmd: { name: "AUTH", arguments: 1 }, success: false }],
    ["VNC", "rfb", { authentication: { security_result: "FAIL" } }],
    ["MQTT", "mqtt", { connect: { username: "a" }, connack: { return_code: 5 } }],
    ["Telnet", "telnet", { user: "root", password: true, success: false }],
    ["SIP", "sip", { code: "403", cseq: "1 REGISTER", to: "<sip:a@b>" }],
    ["SMB", "smb", { command: "SMB2_COMMAND_SESSION_SETUP", status: "STATUS_LOGON_FAILURE", ntlmssp: { user: "anna" } }],
  ])("%s refuses", (service, kind, fields) => {
    expect(told(many(8, (i) => message(kind, i, fields)))[0]).toContain(`failed 8 times to log in to ${service} of 10.0.0.2`);
  });

  test("a success behind the failures is critical", () => {
    const findings = find([...many(8, (i) => ftp(i, "530", "anna")), ftp(9, "230", "anna")]);
    expect(findings.at(-1)).toMatchObject({ severity: "critical", score: 1, techniques: ["T1110.001", "T1078"] });
    expect(findings.at(-1)?.title).toBe("10.0.0.1 failed 8 times to log in to FTP of 10.0.0.2 within 9 s, as anna, and then got in");
  });
});
