import { describe, expect, test } from "vitest";
import { protocols } from "#protocols/registry.generated.ts";
import { readRuleNumber } from "#schema/rule-number.ts";

const words = new Map(protocols.flatMap((plugin) => plugin.words ?? []).map((word) => [word.name, word] as const));

const reading = {
  unit_id: 10,
  function_raw: 1,
  access_type: "READ | COILS",
  category: "PUBLIC_ASSIGNED",
  read: { address: 0, quantity: 3 },
};
const writing = {
  unit_id: 1,
  function_raw: 16,
  access_type: "WRITE | HOLDING | MULTIPLE",
  category: "PUBLIC_ASSIGNED",
  write: { address: 499, quantity: 2, values: "\x00\x05\x07\xd1" },
};

const called = "367abb81-9844-35f1-ad32-98f038001003 2.0";

describe("words with a syntax of their own", () => {
  test.each([
    ["a function by number", "modbus", "function 1", reading, true],
    ["another function", "modbus", "function 2", reading, false],
    ["a category of functions", "modbus", "function assigned", reading, true],
    ["all but a category", "modbus", "function !assigned", reading, false],
    ["a unit above a number", "modbus", "unit >9", reading, true],
    ["a unit that is not above", "modbus", "unit >10", reading, false],
    ["a way of access", "modbus", "access write", reading, false],
    ["all at once", "modbus", "unit >9, access read coils, address 0<>2", reading, true],
    ["an address that is not read", "modbus", "access read, address >3", reading, false],
    ["a value among registers", "modbus", "access write holding, address 501, value >2000", writing, true],
    ["no value that is so large", "modbus", "access write holding, value >2001", writing, false],
    ["an interface", "dcerpc.iface", "367abb81-9844-35f1-ad32-98f038001003", called, true],
    ["an interface in capitals and a version", "dcerpc.iface", "367ABB81-9844-35F1-AD32-98F038001003,>1,any_frag", called, true],
    ["a version that is too low", "dcerpc.iface", "367abb81-9844-35f1-ad32-98f038001003,>2", called, false],
    ["an object by group and variation", "dnp3_obj", "60,1", { group: 60, variation: 1 }, true],
    ["another variation", "dnp3_obj", "60,2", { group: 60, variation: 1 }, false],
    ["what 2 can talk to", "ssh.protoversion", "2_compat", "1.99", true],
    ["what 2 cannot talk to", "ssh.protoversion", "2_compat", "1.5", false],
    ["a service of a class", "cip_service", "76,2", { service: 76, class: 2 }, true],
    ["an attribute that is not there", "cip_service", "76,2,1", { service: 76, class: 2 }, false],
    ["a choice by name and number", "ike.chosen_sa_attribute", "alg_enc=7", "alg_enc=7", true],
    ["another choice", "ike.chosen_sa_attribute", "alg_enc=8", "alg_enc=7", false],
    ["a version of SMB", "smb.version", "2", "SMB2_COMMAND_CREATE", true],
    ["the other version of SMB", "smb.version", "1", "SMB2_COMMAND_CREATE", false],
    ["a state of a handshake", "ssl_state", "server_hello,server_keyx", 11, true],
    ["a state that is not there yet", "ssl_state", "client_keyx", 3, false],
    ["none of the states", "ssl_state", "!client_keyx|server_keyx", 3, true],
    [
      "a setting and its value",
      "http2.settings",
      "SETTINGS_INITIAL_WINDOW_SIZE >100",
      { settings_id: "SETTINGSINITIALWINDOWSIZE", settings_value: 200 },
      true,
    ],
    ["a setting alone", "http2.settings", "SETTINGS_ENABLE_PUSH", { settings_id: "SETTINGSENABLEPUSH", settings_value: 0 }, true],
    ["another setting", "http2.settings", "SETTINGS_ENABLE_PUSH", { settings_id: "SETTINGSMAXFRAMESIZE", settings_value: 1 }, false],
    ["a procedure by name", "nfs_procedure", "statfs", "2 STATFS", true],
    ["a procedure by number", "nfs_procedure", "17", "2 STATFS", true],
    ["the same number of another version", "nfs_procedure", "17", "3 READ", false],
    ["a procedure in a range", "nfs_procedure", "1-8", "3 READ", true],
  ] as const)("%s: %s:%s", (_case, name, argument, value, holds) => {
    const read = words.get(name)?.read?.(argument);
    if (typeof read !== "function") throw new Error(String(read));
    expect(read(value)).toBe(holds);
  });

  test.each([
    ["smb.version", "3"],
    ["ssl_state", "hello"],
    ["http2.settings", "PUSH"],
    ["modbus", "functions 3"],
    ["dcerpc.iface", "367abb81"],
    ["dcerpc.iface", "367abb81-9844-35f1-ad32-98f038001003,x"],
    ["dnp3_obj", "60"],
    ["cip_service", "1,2,3,4"],
    ["ike.chosen_sa_attribute", "7"],
    ["modbus", "access readwrite"],
    ["modbus", "unit x"],
  ])("%s does not take %s, and says why", (name, argument) => {
    expect(words.get(name)?.read?.(argument)).toMatch(/\w+ \w+/);
  });
});

describe("numbers", () => {
  test.each([
    ["5", [5], [4, 6]],
    ["!5", [4], [5]],
    [">5", [6], [5]],
    ["<=5", [5], [6]],
    ["!=5", [6], [5]],
    ["3-5", [3, 5], [2, 6]],
    ["3<>5", [4], [3, 5]],
    ["0x10", [16], [10]],
    ["read", [1], [0]],
  ])("%s", (text, inside, outside) => {
    const number = readRuleNumber(text, { read: 1 });
    expect(inside.map((one) => number?.(one))).toEqual(inside.map(() => true));
    expect(outside.map((one) => number?.(one))).toEqual(outside.map(() => false));
  });

  test.each(["", "x", "1-", "<>", ">x", "1<>x"])("%s is none", (text) => expect(readRuleNumber(text)).toBeUndefined());
});
