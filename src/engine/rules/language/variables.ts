import { meant } from "./meant.ts";
import { refuse } from "./problem.ts";

/** Names that stand for addresses and ports in headers. */
export interface Variables {
  readonly addresses: Readonly<Record<string, string>>;
  readonly ports: Readonly<Record<string, string>>;
}

const HOME = "$HOME_NET";

/** What the names mean when the configuration says nothing: as in the configuration that Suricata brings along. */
export const defaultVariables: Variables = {
  addresses: {
    HOME_NET: "[192.168.0.0/16,10.0.0.0/8,172.16.0.0/12]",
    EXTERNAL_NET: "!$HOME_NET",
    HTTP_SERVERS: HOME,
    SMTP_SERVERS: HOME,
    SQL_SERVERS: HOME,
    DNS_SERVERS: HOME,
    TELNET_SERVERS: HOME,
    AIM_SERVERS: "$EXTERNAL_NET",
    DC_SERVERS: HOME,
    DNP3_SERVER: HOME,
    DNP3_CLIENT: HOME,
    MODBUS_CLIENT: HOME,
    MODBUS_SERVER: HOME,
    ENIP_CLIENT: HOME,
    ENIP_SERVER: HOME,
  },
  ports: {
    HTTP_PORTS: "80",
    SHELLCODE_PORTS: "!80",
    ORACLE_PORTS: "1521",
    SSH_PORTS: "22",
    DNP3_PORTS: "20000",
    MODBUS_PORTS: "502",
    FILE_DATA_PORTS: "[$HTTP_PORTS,110,143]",
    FTP_PORTS: "21",
    SIP_PORTS: "[5060,5061]",
    GENEVE_PORTS: "6081",
    VXLAN_PORTS: "4789",
    TEREDO_PORTS: "3544",
  },
};

/** A variable that names itself in a circle is refused beyond this. */
const nestingMax = 32;

/** A list of addresses or ports, cut to its entries; negation of a list is spread over its entries. */
export interface Entry {
  readonly text: string;
  readonly negated: boolean;
}

/** The entries of `[a,!b,[c,$D]]`, variables resolved. `at` is where the text stands in the rule. */
export function entriesOf(text: string, values: Readonly<Record<string, string>>, at: number): Entry[] {
  const entries: Entry[] = [];
  collect(text, false, values, at, 0, entries);
  return entries;
}

function collect(
  whole: string,
  negated: boolean,
  values: Readonly<Record<string, string>>,
  at: number,
  depth: number,
  into: Entry[],
): void {
  if (depth > nestingMax) refuse(at, "lists or variables are nested too deep", "does a variable name itself?");
  let text = whole.trim();
  let not = negated;
  while (text.startsWith("!")) {
    not = !not;
    text = text.slice(1).trim();
  }
  if (text.startsWith("$")) {
    const name = text.slice(1);
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) refuse(at, `the variable ${text} is not defined`, meant(name, Object.keys(values), "define it under vars"));
    collect(value, not, values, at, depth + 1, into);
  } else if (text.startsWith("[")) {
    if (!text.endsWith("]")) refuse(at, `the list ${text} has no closing bracket`, "close it with ]");
    for (const part of partsOf(text.slice(1, -1), at)) collect(part, not, values, at, depth + 1, into);
  } else if (text === "") refuse(at, "an entry of a list is empty", "take the comma away");
  else into.push({ text, negated: not });
}

function partsOf(text: string, at: number): string[] {
  const parts: string[] = [];
  let start = 0;
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 91) depth++;
    else if (code === 93) depth--;
    else if (code === 44 && depth === 0) {
      parts.push(text.slice(start, index));
      start = index + 1;
    }
    if (depth < 0) refuse(at, "a list has more closing than opening brackets", "take one away");
  }
  if (depth !== 0) refuse(at, "a list has no closing bracket", "close it with ]");
  return [...parts, text.slice(start)];
}
