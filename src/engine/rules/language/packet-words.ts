import type { PacketField } from "#engine/rules/packet-field.ts";
import type { PacketTest } from "#engine/rules/signature.ts";
import type { Draft, Handler, Handlers } from "./draft.ts";
import { meant } from "./meant.ts";
import { type NumberLimits, numberTest, uint8, uint16, uint32 } from "./number-test.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { isNeverRaised } from "./unraised-events.ts";
import { argumentOf, noValue, partsOf, unquoted, wholeOf } from "./values.ts";

const IP_PROTOCOLS: Readonly<Record<string, number>> = {
  icmp: 1,
  igmp: 2,
  ipip: 4,
  tcp: 6,
  udp: 17,
  dccp: 33,
  ipv6: 41,
  rsvp: 46,
  gre: 47,
  esp: 50,
  ah: 51,
  "ipv6-icmp": 58,
  icmpv6: 58,
  eigrp: 88,
  ospf: 89,
  pim: 103,
  vrrp: 112,
  l2tp: 115,
  sctp: 132,
  udplite: 136,
};

/** Words that compare a number of a packet's headers. */
const numbers: readonly (readonly [word: string, field: PacketField, limits: NumberLimits])[] = [
  ["dsize", "dsize", { high: uint16 }],
  ["ttl", "ttl", { high: uint8 }],
  ["id", "id", { high: uint16 }],
  ["fragoffset", "fragoffset", { high: uint16 }],
  ["itype", "itype", { high: uint8 }],
  ["icode", "icode", { high: uint8 }],
  ["icmp_id", "icmp_id", { high: uint16 }],
  ["icmp_seq", "icmp_seq", { high: uint16 }],
  ["icmpv6.mtu", "icmpv6.mtu", { high: uint32 }],
  ["seq", "seq", { high: uint32 }],
  ["tcp.seq", "seq", { high: uint32 }],
  ["ack", "ack", { high: uint32 }],
  ["tcp.ack", "ack", { high: uint32 }],
  ["window", "window", { high: uint16 }],
  ["tcp.window", "window", { high: uint16 }],
  ["tcp.mss", "tcp.mss", { high: uint16 }],
  ["tcp.wscale", "tcp.wscale", { high: uint8 }],
  ["vlan.layers", "vlan.layers", { high: 3 }],
  ["igmp.type", "igmp.type", { high: uint8, names: { query: 17, v1_report: 18, v2_report: 22, leave: 23, v3_report: 34 } }],
];

/** Words about a packet's own headers. */
export const packetHandlers: Handlers = {
  ...Object.fromEntries(numbers.map(([word, field, limits]) => [word, numberHandler(field, limits)])),
  tos: (draft, option) => {
    const value = argumentOf(option, "8").replace(/^(!?)\s*x/i, "$10x");
    number(draft, option, "tos", value, { high: uint8 });
  },
  ip_proto: (draft, option) => {
    if (!["ip", "ipv4", "ipv6", "pkthdr"].includes(draft.header.layer) || draft.header.applications !== undefined)
      refuse(option.at, `ip_proto in a rule that is about ${draft.header.protocol}`, "write alert ip in the header");
    number(draft, option, "ip_proto", argumentOf(option, "tcp"), { high: uint8, names: IP_PROTOCOLS });
  },
  "vlan.id": (draft, option) => {
    const [value = "", layer] = partsOf(argumentOf(option, "100"));
    const test = numberTest(option, value, { high: 4095 });
    const at = layer === undefined || layer === "any" || layer === "all" ? layer : wholeOf(option, layer, -3, 2);
    draft.packetTests.push({ type: "number", field: "vlan.id", test, negated: false, ...(at === undefined ? {} : { layer: at }) });
  },
  flags: tcpFlags,
  "tcp.flags": tcpFlags,
  fragbits: fragBits,
  ipopts: ipOptions,
  sameip: (draft, option) => {
    noValue(option);
    draft.packetTests.push({ type: "sameip" });
  },
  iprep: reputation,
  geoip: country,
  "decode-event": event("decode"),
  "engine-event": event("decode"),
  "stream-event": event("stream"),
  ...Object.fromEntries(
    ["ipv4", "tcpv4", "tcpv6", "udpv4", "udpv6", "icmpv4", "icmpv6", "igmp"].map((layer) => [`${layer}-csum`, checksum(layer)]),
  ),
};

function numberHandler(field: PacketField, limits: NumberLimits): Handler {
  return (draft, option) => number(draft, option, field, unquoted(argumentOf(option, "1")), limits);
}

function number(draft: Draft, option: Option, field: PacketField, value: string, limits: NumberLimits): void {
  const twice = field === "dsize" && draft.packetTests.some((test) => test.type === "number" && test.field === field);
  if (twice) refuse(option.at, "the rule has two dsizes", "write a range: dsize:10<>20;");
  draft.packetTests.push({ type: "number", field, test: numberTest(option, value, limits), negated: false });
}

const TCP_FLAGS: Readonly<Record<string, number>> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32, E: 64, "2": 64, C: 128, "1": 128, "0": 0 };

function tcpFlags(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "S")).toUpperCase();
  const [, before = "", letters = "", after = "", ignored = ""] =
    /^\s*([!+*]?)\s*([FSRPAUEC012]+)\s*([!+*]?)\s*(?:,\s*([FSRPAUEC12]+))?\s*$/.exec(value) ?? [];
  if (letters === "" || (before !== "" && after !== ""))
    refuse(
      option.valueAt,
      `${value} are no TCP flags`,
      "write letters of FSRPAUEC0 with + * or ! before them, and those to ignore behind a comma",
    );
  draft.packetTests.push({
    type: "flags",
    value: bitsOf(letters, TCP_FLAGS),
    ignored: bitsOf(ignored, TCP_FLAGS),
    mode: modeOf(before + after),
  });
}

function modeOf(sign: string): "exact" | "all" | "any" | "none" {
  return sign === "+" ? "all" : sign === "*" ? "any" : sign === "!" ? "none" : "exact";
}

function bitsOf(letters: string, bits: Readonly<Record<string, number>>): number {
  let value = 0;
  for (const letter of letters) value |= bits[letter] ?? 0;
  return value;
}

/** As in the IP header: reserved, don't fragment, more fragments. */
const FRAGMENT_BITS: Readonly<Record<string, number>> = { R: 4, D: 2, M: 1 };

function fragBits(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "M")).toUpperCase();
  const [, before = "", letters = "", after = ""] = /^\s*([!+*]?)\s*([RDM]+)\s*([!+*]?)\s*$/.exec(value) ?? [];
  if (letters === "" || (before !== "" && after !== ""))
    refuse(option.valueAt, `${value} are no fragment bits`, "write letters of MDR with + * or ! before them");
  draft.packetTests.push({ type: "fragbits", value: bitsOf(letters, FRAGMENT_BITS), mode: modeOf(before + after) });
}

const IP_OPTIONS: readonly string[] = ["rr", "lsrr", "eol", "nop", "ts", "sec", "ssrr", "satid", "any", "esec", "rtralt"];

function ipOptions(draft: Draft, option: Option): void {
  const name = unquoted(argumentOf(option, "lsrr")).toLowerCase();
  if (!IP_OPTIONS.includes(name)) refuse(option.valueAt, `${name} is no IP option`, `one of ${IP_OPTIONS.join(", ")}`);
  draft.packetTests.push({ type: "ipopts", option: name as Extract<PacketTest, { type: "ipopts" }>["option"] });
}

const COUNTRY_SIDES: Readonly<Record<string, Extract<PacketTest, { type: "geoip" }>["side"]>> = {
  any: "any",
  src: "src",
  dst: "dst",
  both: "both",
};

function reputation(draft: Draft, option: Option): void {
  const [side = "", category = "", operator = "", value = "", ...more] = partsOf(argumentOf(option, "src,CnC,>,30"));
  if (!["any", "src", "dst", "both"].includes(side) || category === "")
    refuse(option.valueAt, "iprep takes a side, a category, a comparison and a number", "write iprep:src,CnC,>,30;");
  const { reputations } = draft.around;
  if (reputations === undefined)
    lacking(option.at, "iprep has no lists to look into", "name them in rules.reputation-categories and rules.reputation-files");
  if (!reputations.has(category))
    refuse(
      option.valueAt,
      `${category} is no category of reputations`,
      meant(category, reputations, "add it to rules.reputation-categories"),
    );
  if (operator === "isset" || operator === "isnotset") {
    draft.packetTests.push({ type: "iprep", side: side as "any", category, operator, value: 0 });
    return;
  }
  if (!["<", ">", "=", "<=", ">="].includes(operator) || more.length > 0)
    refuse(option.valueAt, `iprep has no comparison ${operator}`, "write < > = <= or >=");
  draft.packetTests.push({
    type: "iprep",
    side: side as "any",
    category,
    operator: operator as "<",
    value: wholeOf(option, value, 0, 127),
  });
}

/** `geoip:src,DE,FR;`, `geoip:!DE;`: one code that is negated turns them all, as in Suricata. */
function country(draft: Draft, option: Option): void {
  const parts = partsOf(argumentOf(option, "dst,US"));
  const side = COUNTRY_SIDES[parts[0] ?? ""];
  const codes = side === undefined ? parts : parts.slice(1);
  const wrong = codes.find((code) => !/^!?[A-Z]{2}$/.test(code));
  if (codes.length === 0 || wrong !== undefined)
    refuse(option.valueAt, `${wrong ?? "nothing"} is no code of a country`, "write two capitals: geoip:dst,US; or geoip:src,!DE;");
  if (!draft.around.knowsCountries)
    lacking(option.at, "geoip has no database of countries to look into", "name one in geo.files, or write the addresses in the header");
  draft.packetTests.push({
    type: "geoip",
    side: side ?? "any",
    countries: codes.map((code) => code.replace("!", "")),
    negated: codes.some((code) => code.startsWith("!")),
  });
}

function event(layer: "decode" | "stream"): Handler {
  return (draft, option) => {
    const value = argumentOf(option, layer === "decode" ? "ipv4.pkt_too_small" : "3whs_synack_in_wrong_direction").toLowerCase();
    const negated = value.startsWith("!");
    const name = negated ? value.slice(1) : value;
    if (!/^[\w.]+$/.test(name))
      refuse(option.valueAt, `${name} is no name of an event`, meant(name, [], "see the event rules that Suricata brings along"));
    if (!negated && isNeverRaised(layer, name))
      lacking(option.valueAt, `the event ${name} is never raised here`, "leave the rule to Suricata");
    draft.packetTests.push({ type: "event", layer, event: name, negated });
  };
}

function checksum(layer: string): Handler {
  return (draft, option) => {
    const value = unquoted(argumentOf(option, "invalid")).toLowerCase();
    if (value !== "valid" && value !== "invalid") refuse(option.valueAt, `a checksum is not ${value}`, "write valid or invalid");
    draft.packetTests.push({
      type: "checksum",
      layer: layer as Extract<PacketTest, { type: "checksum" }>["layer"],
      valid: value === "valid",
    });
  };
}
