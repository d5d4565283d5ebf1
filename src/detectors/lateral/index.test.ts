import { describe, expect, test } from "vitest";
import type { Finding } from "#contract/detector.ts";
import { type FlowWords, findingsOf, flowFact, type Heard, many, messageFact } from "#test/fake/fake-facts.ts";
import lateral from "./index.ts";

const find = (name: string, history: readonly Heard[]): Finding[] => {
  const definition = lateral.detectors?.find((detector) => detector.name === name);
  return definition === undefined ? [] : findingsOf(definition, history);
};

/** A call over TCP; `service` empty is one whose bind was not seen. */
const call = (at: number, service: string, procedure: string, opnum = 0, flow: FlowWords = {}): Heard => ({
  message: messageFact(
    "dcerpc",
    { request: "REQUEST", req: { opnum }, ...(service === "" ? {} : { interfaces: [{ service, procedure }] }) },
    { at, ...flow },
  ),
});
/** The same through a pipe of SMB. */
const piped = (at: number, service: string, procedure: string): Heard => ({
  message: messageFact(
    "smb",
    { command: "SMB2_COMMAND_IOCTL", dcerpc: { request: "REQUEST", interfaces: [{ service, procedure }], opnum: 1 } },
    { at },
  ),
});
const ticket = (at: number, fields: Readonly<Record<string, string>>): Heard => ({
  message: messageFact("krb5", { cname: "anna", sname: "cifs/files", ...fields }, { at, side: 1 }),
});

const back = (at: number): Heard => ({ start: flowFact({ at, client: "10.0.0.2", server: "10.0.0.1", serverPort: 445 }) });

describe("remote-execution", () => {
  test.each<[string, Heard[], number]>([
    ["a service created and started", [call(0, "svcctl", "CreateServiceW"), call(1, "svcctl", "StartServiceW")], 1],
    ["the same through a pipe", [piped(0, "svcctl", "CreateServiceA"), piped(1, "svcctl", "StartServiceA")], 1],
    ["a service that exists is started", [call(0, "svcctl", "OpenServiceW"), call(1, "svcctl", "StartServiceW")], 0],
    ["a service is installed and started the next day", [call(0, "svcctl", "CreateServiceW"), call(86_400, "svcctl", "StartServiceW")], 0],
    ["services are looked at", many(50, (i) => call(i, "svcctl", "QueryServiceStatus")), 0],
    [
      "a task registered and run",
      [call(0, "ITaskSchedulerService", "SchRpcRegisterTask"), call(1, "ITaskSchedulerService", "SchRpcRun")],
      1,
    ],
    ["a task registered", [call(0, "ITaskSchedulerService", "SchRpcRegisterTask")], 0],
    ["a WMI method", [call(0, "IRemoteSCMActivator", "RemoteCreateInstance"), call(1, "IWbemServices", "ExecMethod")], 1],
    ["WMI is only asked", [call(0, "IRemoteSCMActivator", "RemoteCreateInstance"), call(1, "IWbemServices", "ExecQuery")], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("remote-execution", history)).toHaveLength(expected);
  });
});

describe("directory-replication", () => {
  const sync = [0, 16, 12, 0, 3];
  test.each<[string, Heard[], number]>([
    ["secrets are fetched", [call(0, "drsuapi", "DRSBind", 0), call(1, "drsuapi", "DRSGetNCChanges", 3)], 1],
    ["secrets are fetched, the bind was not seen", sync.map((opnum, i) => call(i, "", "", opnum)), 1],
    ["calls of an unknown interface", many(30, (i) => call(i, "", "", i % 8)), 0],
    ["a controller replicates", [ticketServed(), call(0, "drsuapi", "DRSBind", 0), call(1, "drsuapi", "DRSGetNCChanges", 3)], 0],
    ["names are looked up", [call(0, "drsuapi", "DRSBind", 0), call(1, "drsuapi", "DRSCrackNames", 12)], 0],
    ["a source is added and removed", [call(0, "drsuapi", "DRSReplicaAdd", 5), call(1, "drsuapi", "DRSReplicaDel", 6)], 1],
  ])("%s", (_case, history, expected) => {
    expect(find("directory-replication", history)).toHaveLength(expected);
  });
});

/** The machine that is the client elsewhere serves Kerberos here. */
function ticketServed(): Heard {
  return { end: flowFact({ client: "10.0.0.7", server: "10.0.0.1", serverPort: 88, answered: true }) };
}

describe("coerced-login", () => {
  const notify = (at: number): Heard => call(at, "spoolss", "RpcRemoteFindFirstPrinterChangeNotificationEx", 65);
  test.each<[string, Heard[], number]>([
    ["the server connects back behind the call", [notify(0), back(1)], 1],
    ["the server has connected when the call is told", [back(0.9), notify(1)], 1],
    ["no connection back", [notify(0)], 0],
    ["a connection back an hour later", [notify(0), back(3600)], 0],
    ["other calls", [call(0, "spoolss", "RpcOpenPrinter"), back(1)], 0],
  ])("%s", (_case, history, expected) => {
    expect(find("coerced-login", history)).toHaveLength(expected);
  });
});

describe("netlogon-guessing", () => {
  const guesses = (count: number, apart: number): Heard[] =>
    many(count, (i) => [
      call(i * apart, "netlogon", "NetrServerReqChallenge", 4),
      call(i * apart, "netlogon", "NetrServerAuthenticate2", 15),
    ]).flat();
  test.each<[string, Heard[], number]>([
    ["many challenges", guesses(96, 0.01), 1],
    ["many challenges, then the password is set", [...guesses(96, 0.01), call(1, "netlogon", "NetrServerPasswordSet2")], 2],
    ["a machine logs in", guesses(3, 1), 0],
    ["machines log in all day", guesses(96, 30), 0],
  ])("%s", (_case, history, expected) => {
    expect(find("netlogon-guessing", history)).toHaveLength(expected);
  });
});

describe("kerberos-tickets", () => {
  const login = { msg_type: "KRB_AS_REP", encryption: "rc4-hmac", ticket_encryption: "aes256-cts-hmac-sha1-96" };
  const weak = { msg_type: "KRB_TGS_REP", encryption: "aes256-cts-hmac-sha1-96", ticket_encryption: "rc4-hmac" };
  const strong = { ...weak, ticket_encryption: "aes256-cts-hmac-sha1-96" };
  test.each<[string, Heard[], number]>([
    ["login and ticket in RC4", [ticket(0, login), ticket(1, weak)], 1],
    ["only the login", [ticket(0, login), ticket(1, strong)], 0],
    ["only one ticket", [ticket(1, weak)], 0],
    ["tickets of many services", many(8, (i) => ticket(i, { ...weak, sname: `http/${i}` })), 1],
    ["one service again and again", many(80, (i) => ticket(i, weak)), 0],
    ["a realm that has nothing better", many(8, (i) => ticket(i, { ...weak, encryption: "rc4-hmac", sname: `http/${i}` })), 0],
  ])("%s", (_case, history, expected) => {
    expect(find("kerberos-tickets", history)).toHaveLength(expected);
  });
});
