import type { Action, AddressSet, Layer, PortSet } from "#engine/rules/signature.ts";
import { parseAddresses } from "./addresses.ts";
import { meant } from "./meant.ts";
import { parsePorts } from "./ports.ts";
import { lacking, refuse } from "./problem.ts";
import type { HeaderWord, SplitRule } from "./split-rule.ts";
import { entriesOf, type Variables } from "./variables.ts";

/** The header as far as it can be understood by itself: words behind it may still name applications. */
export interface DraftHeader {
  readonly action: Action;
  readonly protocol: string;
  readonly layer: Layer;
  /** `undefined` when the header names no application. */
  readonly applications: readonly string[] | undefined;
  /** Number of an IP protocol that stands for a layer that has no word of its own. */
  readonly ipProtocol: number | undefined;
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly target: AddressSet;
  readonly targetPorts: PortSet;
  /** An address list has a negation: such a rule is judged on each packet. */
  readonly negatedAddresses: boolean;
  readonly both: boolean;
  readonly transactional: boolean;
}

const ACTIONS: readonly string[] = ["alert", "pass", "drop", "reject", "rejectsrc", "rejectdst", "rejectboth", "config"];

const LAYERS: Readonly<Record<string, Layer>> = {
  ip: "ip",
  ipv4: "ipv4",
  ip4: "ipv4",
  ipv6: "ipv6",
  ip6: "ipv6",
  tcp: "tcp",
  "tcp-pkt": "tcp-pkt",
  "tcp-stream": "tcp-stream",
  udp: "udp",
  icmp: "icmp",
  icmpv4: "icmpv4",
  icmpv6: "icmpv6",
  sctp: "sctp",
  pkthdr: "pkthdr",
  igmp: "ip",
};

const LACKING: readonly string[] = ["arp", "ether", "esp"];

/** Headers whose name is not the application's own, and those that mean several. */
const APPLICATIONS: Readonly<Record<string, readonly string[]>> = {
  dcerpc: ["dcerpc", "smb"],
  http: ["http", "http2"],
  http1: ["http"],
  ikev2: ["ike"],
  kerberos: ["krb5"],
  postgresql: ["pgsql"],
  ssl: ["tls"],
};

/** Applications that rules speak of even where no word is about them. */
const KNOWN: readonly string[] =
  "http http1 http2 ftp ftp-data smtp tls ssl ssh imap pop3 smb dcerpc dns mdns llmnr modbus enip dnp3 nfs ntp tftp ike krb5 quic dhcp snmp sip rfb mqtt telnet rdp bittorrent-dht pgsql websocket ldap doh2 irc".split(
    " ",
  );

/** Parses headers; lists that have the same text share one set. */
export class HeaderParser {
  readonly #variables: Variables;
  readonly #applications: ReadonlySet<string>;
  readonly #addresses = new Map<string, AddressSet>();
  readonly #negations = new Map<string, boolean>();
  readonly #ports = new Map<string, PortSet>();

  constructor(variables: Variables, applications: Iterable<string>) {
    this.#variables = variables;
    this.#applications = new Set([...KNOWN, ...applications]);
  }

  parse({ header, optionsAt }: SplitRule): DraftHeader {
    const [actionWord, protocolWord, ...rest] = header;
    if (actionWord === undefined) return refuse(0, "the rule has no header", "write alert tcp any any -> any any");
    const action = actionOf(actionWord);
    if (protocolWord === undefined) return refuse(optionsAt, "the header names no protocol", "write alert tcp any any -> any any");
    const protocol = protocolWord.text.toLowerCase();
    const common = { action, protocol, ...this.#protocol(protocol, protocolWord.at) };
    if (rest.length !== 5) return wrongCount(rest, optionsAt);
    const [source, sourcePorts, direction, target, targetPorts] = rest as [HeaderWord, HeaderWord, HeaderWord, HeaderWord, HeaderWord];
    const way = directionOf(direction);
    return {
      ...common,
      source: this.addresses(source.text, source.at),
      sourcePorts: this.#portSet(sourcePorts),
      target: this.addresses(target.text, target.at),
      targetPorts: this.#portSet(targetPorts),
      negatedAddresses: this.#negated(source.text) || this.#negated(target.text),
      both: way === "<>",
      transactional: way === "=>",
    };
  }

  addresses(text: string, at: number): AddressSet {
    let set = this.#addresses.get(text);
    if (set === undefined) {
      set = parseAddresses(text, this.#variables.addresses, at);
      this.#addresses.set(text, set);
    }
    return set;
  }

  /** True when a rule may be about an application of this name. */
  knows(application: string): boolean {
    return this.#applications.has(application);
  }

  /** The applications, as events name them, that a name in a rule means. */
  applicationsOf(name: string): readonly string[] | undefined {
    return APPLICATIONS[name] ?? (this.#applications.has(name) ? [name] : undefined);
  }

  get applicationNames(): Iterable<string> {
    return this.#applications;
  }

  #negated(text: string): boolean {
    let negated = this.#negations.get(text);
    if (negated === undefined) {
      negated = entriesOf(text, this.#variables.addresses, 0).some((entry) => entry.negated);
      this.#negations.set(text, negated);
    }
    return negated;
  }

  #portSet({ text, at }: HeaderWord): PortSet {
    let set = this.#ports.get(text);
    if (set === undefined) {
      set = parsePorts(text, this.#variables.ports, at);
      this.#ports.set(text, set);
    }
    return set;
  }

  #protocol(name: string, at: number): Pick<DraftHeader, "layer" | "applications" | "ipProtocol"> {
    const layer = Object.hasOwn(LAYERS, name) ? LAYERS[name] : undefined;
    if (layer !== undefined) return { layer, applications: undefined, ipProtocol: name === "igmp" ? 2 : undefined };
    if (LACKING.includes(name)) lacking(at, `rules about ${name} are not supported`);
    if (name.includes(":")) lacking(at, `rules that hook into a state (${name}) are not supported`);
    const applications = this.applicationsOf(name);
    if (applications === undefined)
      refuse(
        at,
        `${name} is no protocol`,
        meant(name, [...Object.keys(LAYERS), ...this.#applications], "tcp, udp, icmp, ip, http, dns, tls …"),
      );
    return { layer: "ip", applications, ipProtocol: undefined };
  }
}

function actionOf({ text, at }: HeaderWord): Action {
  const action = text.toLowerCase();
  if (ACTIONS.includes(action)) return action as Action;
  return refuse(at, `${text} is no action`, meant(action, ACTIONS, `one of ${ACTIONS.join(", ")}`));
}

function directionOf({ text, at }: HeaderWord): "->" | "<>" | "=>" {
  if (text === "->" || text === "<>" || text === "=>") return text;
  if (text === "<-") refuse(at, "there is no direction <-", "exchange the sides and write ->");
  return refuse(at, `${text} is no direction`, "write -> or <>");
}

function wrongCount(rest: readonly HeaderWord[], optionsAt: number): never {
  const last = rest[5] ?? rest.at(-1);
  const cause = rest.length < 5 ? "the header is too short" : "the header is too long";
  return refuse(rest.length < 5 ? optionsAt : (last?.at ?? 0), cause, "write ACTION PROTOCOL SOURCE PORTS -> TARGET PORTS");
}
