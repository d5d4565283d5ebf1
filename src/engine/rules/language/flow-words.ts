import type { Effect, XbitTrack } from "#engine/rules/effect.ts";
import type { FlowTest, NumberTest } from "#engine/rules/signature.ts";
import type { Draft, Handler, Handlers } from "./draft.ts";
import { meant } from "./meant.ts";
import { numberTest, uint32, uint64 } from "./number-test.ts";
import { lacking, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { isNeverParsed } from "./unraised-events.ts";
import { argumentOf, partsOf, unquoted, wholeOf } from "./values.ts";

const FLOW: Readonly<Record<string, FlowTest | undefined>> = {
  established: { type: "state", state: "established" },
  not_established: { type: "state", state: "not_established" },
  stateless: { type: "state", state: "stateless" },
  to_server: { type: "side", side: "to_server" },
  to_client: { type: "side", side: "to_client" },
  from_client: { type: "side", side: "to_server" },
  from_server: { type: "side", side: "to_client" },
  only_stream: { type: "origin", origin: "only_stream" },
  no_stream: { type: "origin", origin: "no_stream" },
  only_frag: { type: "origin", origin: "only_frag" },
  no_frag: { type: "origin", origin: "no_frag" },
};

/** Seconds that a bit lives when the rule says nothing. */
const bitSeconds = 30;
const hostBitSeconds = 300;

type CounterSide = Extract<FlowTest, { readonly type: "counter" }>["side"];
const COUNTER_SIDES: Readonly<Record<string, CounterSide>> = {
  toserver: "to_server",
  toclient: "to_client",
  either: "either",
  both: "both",
};

/** Words about the flow that a packet belongs to, and what rules remember of it. */
export const flowHandlers: Handlers = {
  flow: flowState,
  flowbits: flowBits,
  flowint: flowInt,
  xbits: xBits,
  hostbits: hostBits,
  "flow.age": (draft, option) => {
    draft.flowTests.push({
      type: "counter",
      counter: "age",
      side: "both",
      test: numberTest(option, argumentOf(option, ">5"), { high: uint32 }),
    });
  },
  "flow.pkts": counter("pkts"),
  "flow.bytes": counter("bytes"),
  "flow.pkts_toserver": counter("pkts", "to_server"),
  "flow.pkts_toclient": counter("pkts", "to_client"),
  "flow.bytes_toserver": counter("bytes", "to_server"),
  "flow.bytes_toclient": counter("bytes", "to_client"),
  stream_size: streamSize,
  "app-layer-protocol": applicationProtocol,
  "app-layer-event": applicationEvent,
};

function flowState(draft: Draft, option: Option): void {
  if (draft.flowTests.some(({ type }) => type === "state"))
    refuse(option.at, "the rule has flow twice", "write all its words in one: flow:established,to_server;");
  const words = argumentOf(option, "established,to_server").split(",");
  for (const word of words) {
    const name = word.trim().toLowerCase();
    const test = Object.hasOwn(FLOW, name) ? FLOW[name] : undefined;
    if (test === undefined)
      refuse(option.valueAt, `flow has no word ${name}`, meant(name, Object.keys(FLOW), `its words are ${Object.keys(FLOW).join(", ")}`));
    else addFlowTest(draft, option, test);
  }
}

function addFlowTest(draft: Draft, option: Option, test: FlowTest): void {
  const same = draft.flowTests.find((one) => one.type === test.type);
  if (same !== undefined) {
    const twice = JSON.stringify(same) === JSON.stringify(test);
    const frags = test.type === "origin" && same.type === "origin" && same.origin.endsWith("frag") !== test.origin.endsWith("frag");
    if (!frags) refuse(option.valueAt, twice ? "flow has a word twice" : "flow has words that exclude each other", "take one away");
  }
  draft.flowTests.push(test);
}

const BIT_COMMANDS: readonly string[] = ["set", "unset", "toggle", "isset", "isnotset"];

function flowBits(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "set,name"));
  const [command = "", names, ...more] = partsOf(value);
  if (command === "noalert") {
    if (names !== undefined) refuse(option.valueAt, "flowbits:noalert takes no name", "write flowbits:noalert;");
    draft.noalert = true;
    return;
  }
  if (!BIT_COMMANDS.includes(command))
    refuse(
      option.valueAt,
      `flowbits has no command ${command}`,
      meant(command, BIT_COMMANDS, `its commands are ${BIT_COMMANDS.join(", ")}, noalert`),
    );
  if (names === undefined || names === "" || more.length > 0)
    refuse(option.valueAt, `flowbits:${command} needs one name`, `write flowbits:${command},name;`);
  const bits = names.split("|").map((name) => name.trim());
  if (bits.some((bit) => bit === "" || /\s/.test(bit)))
    refuse(option.valueAt, `${names} is no name for a flowbit`, "write it without blanks");
  if (command === "isset" || command === "isnotset") draft.flowTests.push({ type: "flowbits", bits, isSet: command === "isset" });
  else if (bits.length > 1) refuse(option.valueAt, `flowbits:${command} takes one name`, "write a flowbits option for each");
  else draft.effects.push({ type: "flowbits", command: command as "set", bits });
}

function flowInt(draft: Draft, option: Option): void {
  const [variable = "", operator = "", value, ...more] = partsOf(unquoted(argumentOf(option, "counter,+,1")));
  if (!/^[\w.-]+$/.test(variable) || more.length > 0)
    refuse(option.valueAt, "flowint takes a name, an operator and a value", "write flowint:name,+,1;");
  const number = (): number | { readonly variable: string } => {
    if (value === undefined || value === "")
      return refuse(option.valueAt, `flowint:${variable},${operator} has no value`, "write flowint:name,+,1;");
    return /^[a-z_]/i.test(value) ? { variable: value } : wholeOf(option, value, 0, uint32);
  };
  if (operator === "isset" || operator === "notset" || operator === "isnotset") {
    draft.flowTests.push({ type: "flowint", variable, test: { operator: operator === "isset" ? "isset" : "notset" } });
  } else if (operator === "+" || operator === "-" || operator === "=") {
    draft.effects.push({ type: "flowint", variable, command: operator, value: number() });
  } else if (["==", "!=", "<", ">", "<=", ">="].includes(operator)) {
    draft.flowTests.push({ type: "flowint", variable, test: { operator: operator as "==", value: number() } });
  } else refuse(option.valueAt, `flowint has no operator ${operator}`, "write + - = == != < > <= >= isset or notset");
}

function xBits(draft: Draft, option: Option): void {
  const [command = "", bit = "", ...words] = partsOf(unquoted(argumentOf(option, "set,name,track ip_src")));
  if (command === "noalert") {
    draft.noalert = true;
    return;
  }
  let track: XbitTrack | undefined;
  let seconds = bitSeconds;
  for (const word of words) {
    const [, name, value = ""] = /^(track|expire)\s+(\w+)$/.exec(word) ?? [];
    if (name === "track" && ["ip_src", "ip_dst", "ip_pair", "tx"].includes(value)) track = value as XbitTrack;
    else if (name === "expire") seconds = wholeOf(option, value, 1, uint32);
    else refuse(option.valueAt, `xbits has no word ${word}`, "its words are track ip_src|ip_dst|ip_pair|tx and expire SECONDS");
  }
  if (track === undefined) refuse(option.valueAt, "xbits does not say whose bit it is", "add track ip_src, ip_dst or ip_pair");
  else addBit(draft, option, command, bit, track, seconds);
}

function hostBits(draft: Draft, option: Option): void {
  const [command = "", bit = "", whose = "src", life, ...more] = partsOf(unquoted(argumentOf(option, "set,name,src")));
  if (command === "noalert") {
    draft.noalert = true;
    return;
  }
  if (!["src", "dst", "both"].includes(whose) || more.length > 0)
    refuse(option.valueAt, `hostbits has no word ${whose}`, "write src, dst or both");
  const seconds = life === undefined ? hostBitSeconds : wholeOf(option, life.replace(/^expire\s+/, ""), 1, uint32);
  if (whose !== "dst") addBit(draft, option, command, bit, "ip_src", seconds);
  if (whose !== "src") addBit(draft, option, command, bit, "ip_dst", seconds);
}

function addBit(draft: Draft, option: Option, command: string, bit: string, track: XbitTrack, seconds: number): void {
  if (!BIT_COMMANDS.includes(command))
    refuse(
      option.valueAt,
      `${option.name} has no command ${command}`,
      meant(command, BIT_COMMANDS, `its commands are ${BIT_COMMANDS.join(", ")}`),
    );
  if (!/^[\w.-]+$/.test(bit)) refuse(option.valueAt, `${bit} is no name for a bit`, `write ${option.name}:${command},name,…`);
  if (command === "isset" || command === "isnotset") draft.flowTests.push({ type: "xbits", bit, isSet: command === "isset", track });
  else draft.effects.push({ type: "xbits", command: command as Extract<Effect, { type: "xbits" }>["command"], bit, track, seconds });
}

function counter(name: "pkts" | "bytes", fixed?: CounterSide): Handler {
  return (draft, option) => {
    const value = argumentOf(option, fixed === undefined ? "toserver,>10" : ">10");
    const [first = "", second, ...more] = partsOf(value);
    const side = fixed ?? COUNTER_SIDES[first];
    if (side === undefined || (fixed === undefined && second === undefined) || more.length > 0)
      refuse(
        option.valueAt,
        `${option.name} is not understood: ${value}`,
        `write ${option.name}:${fixed === undefined ? "toserver," : ""}>10;`,
      );
    draft.flowTests.push({
      type: "counter",
      counter: name,
      side,
      test: numberTest(option, fixed === undefined ? (second ?? "") : value, { high: uint64 }),
    });
  };
}

function streamSize(draft: Draft, option: Option): void {
  const [side = "", operator = "", value = "", ...more] = partsOf(argumentOf(option, "server,>,100"));
  const known = ["=", "!=", "<", ">", "<=", ">="];
  if (!["server", "client", "both", "either"].includes(side) || !known.includes(operator) || more.length > 0)
    refuse(option.valueAt, "stream_size takes a side, a comparison and a number", "write stream_size:server,>,100;");
  const test: NumberTest = { operator: operator as "=", value: wholeOf(option, value, 0, uint32) };
  draft.flowTests.push({ type: "stream_size", side: side as "server", test });
}

const MODES: Readonly<Record<string, "final" | "toserver" | "toclient" | "original" | "either">> = {
  final: "final",
  toserver: "toserver",
  toclient: "toclient",
  to_server: "toserver",
  to_client: "toclient",
  original: "original",
  either: "either",
};

function applicationProtocol(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "http"));
  const negated = value.startsWith("!");
  const [name = "", word, ...more] = partsOf(negated ? value.slice(1) : value);
  const mode = word === undefined ? "either" : MODES[word];
  if (mode === undefined || more.length > 0)
    refuse(option.valueAt, `app-layer-protocol has no word ${word}`, `its words are ${Object.keys(MODES).join(", ")}`);
  if (draft.header.applications !== undefined || draft.used.length > 0)
    refuse(
      option.at,
      "app-layer-protocol in a rule that is about an application already",
      "take it away, or write alert tcp in the header",
    );
  const protocol = name.toLowerCase();
  const applications = protocol === "failed" || protocol === "unknown" ? [protocol] : draft.around.headers.applicationsOf(protocol);
  if (applications === undefined)
    refuse(
      option.valueAt,
      `${name} is no application protocol`,
      meant(protocol, draft.around.headers.applicationNames, "http, dns, tls …"),
    );
  const same = draft.flowTests.find((test) => test.type === "application" && test.mode === mode && (!negated || !test.negated));
  if (same !== undefined) refuse(option.at, "the rule is about another application protocol already", "take one app-layer-protocol away");
  draft.flowTests.push({ type: "application", protocol, negated, mode });
}

function applicationEvent(draft: Draft, option: Option): void {
  const event = argumentOf(option, "http.gzip_decompression_failed").toLowerCase();
  if (isNeverParsed(event)) lacking(option.valueAt, `the event ${event} is never raised here`, "leave the rule to Suricata");
  const dot = event.indexOf(".");
  if (dot < 0) {
    if (!event.startsWith("applayer_")) refuse(option.valueAt, `${event} is no event`, "write PROTOCOL.EVENT, or applayer_…");
    draft.flowTests.push({ type: "app-layer-event", event });
    return;
  }
  const name = event.slice(0, dot);
  const applications = name === "file" ? undefined : draft.around.headers.applicationsOf(name);
  if (name !== "file") {
    if (applications === undefined)
      refuse(option.valueAt, `${name} is no application protocol`, meant(name, draft.around.headers.applicationNames, "http, dns, tls …"));
    const protocols = name === "http" ? ["http"] : applications;
    draft.use({ name: `app-layer-event:${name}`, type: "flag", protocols, side: "both" }, option.at);
  }
  draft.flowTests.push({ type: "app-layer-event", event });
}
