import { expect, test } from "vitest";
import { protocolSuite } from "#test/protocol/suite.ts";
import plugin from "./index.ts";
import { procedureName, serviceName } from "./interfaces.ts";

protocolSuite(plugin, import.meta.dirname);

test.each([
  ["the first operation", "1ff70682-0a51-30e8-076d-740be8cee98b", 0, "atsvc", "NetrJobAdd"],
  ["one behind an empty place", "338cd001-2244-31f1-aaaa-900038001003", 15, "winreg", "BaseRegOpenKey"],
  ["the empty place", "338cd001-2244-31f1-aaaa-900038001003", 14, "winreg", undefined],
  ["one behind a jump", "000001a0-0000-0000-c000-000000000046", 4, "IRemoteSCMActivator", "RemoteCreateInstance"],
  ["one in a jump", "367abb81-9844-35f1-ad32-98f038001003", 57, "svcctl", undefined],
  ["an interface without operations", "300f3532-38cc-11d0-a3f0-0020af6b0add", 0, "trkwks", undefined],
  ["an unknown interface", "00112233-4455-6677-8899-aabbccddeeff", 0, undefined, undefined],
])("names of %s", (_case, uuid, opnum, service, procedure) => {
  expect([serviceName(uuid), procedureName(uuid, opnum)]).toEqual([service, procedure]);
});

test.each([
  ["samr", "12345778-1234-abcd-ef00-0123456789ac", 67, "SamrValidatePassword"],
  ["lsarpc", "12345778-1234-abcd-ef00-0123456789ab", 77, "LsarLookupNames4"],
  ["netlogon", "12345678-1234-abcd-ef00-01234567cffb", 26, "NetrServerAuthenticate3"],
  ["svcctl", "367abb81-9844-35f1-ad32-98f038001003", 51, "ControlServiceExW"],
  ["spoolss", "12345678-1234-abcd-ef00-0123456789ab", 89, "RpcAddPrinterDriverEx"],
  ["srvsvc", "4b324fc8-1670-01d3-1278-5a47bf6ee188", 31, "NetprPathCanonicalize"],
  ["IWbemServices", "9556dc99-828c-11cf-a37e-00aa003240c7", 24, "ExecMethod"],
])("the table of %s counts right", (_case, uuid, opnum, procedure) => expect(procedureName(uuid, opnum)).toBe(procedure));
