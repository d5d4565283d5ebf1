/**
 * Which protocols belong on which port (IANA service names, and what is usual beside them). Only ports that stand for
 * one protocol so firmly that another one there is worth a line: nobody is surprised by HTTP on 8080.
 */
type Row = readonly [port: number, owner: string, beside?: string];
const tcp: readonly Row[] = [
  [20, "ftp-data"],
  [21, "ftp", "tls"],
  [22, "ssh"],
  [23, "telnet"],
  [25, "smtp", "tls"],
  [53, "dns"],
  [80, "http", "http2 websocket avast rtmp icecast json-rpc"],
  [88, "krb5"],
  [110, "pop3", "tls"],
  [111, "rpc", "nfs"],
  [119, "nntp", "tls"],
  [135, "dcerpc"],
  [139, "smb", "nbss dcerpc"],
  [143, "imap", "tls"],
  [179, "bgp"],
  [389, "ldap", "tls"],
  [443, "tls", "http2 websocket"],
  [445, "smb", "dcerpc"],
  [465, "tls", "smtp"],
  [502, "modbus"],
  [587, "smtp", "tls"],
  [636, "tls", "ldap"],
  [853, "tls", "dns"],
  [993, "tls", "imap"],
  [995, "tls", "pop3"],
  [1433, "tds", "tls"],
  [1521, "tns", "tls"],
  [3306, "mysql", "tls"],
  [3389, "rdp", "tls cotp"],
  [5432, "pgsql", "tls"],
  [6379, "redis", "tls"],
];
const udp: readonly Row[] = [
  [53, "dns"],
  [67, "dhcp"],
  [68, "dhcp"],
  [69, "tftp"],
  [88, "krb5"],
  [123, "ntp"],
  [137, "nbns", "dns"],
  [161, "snmp"],
  [162, "snmp"],
  [443, "quic", "dtls dnscrypt stun"],
  [500, "ike", "esp"],
];

/** Protocols that open a machine to others, or carry names, and where they are at home. */
const homes: Readonly<Record<string, readonly number[]>> = {
  ssh: [22, 830, 2222],
  telnet: [23, 992, 2323],
  ftp: [21, 990, 2121],
  smb: [139, 445],
  rdp: [3389],
  rfb: [],
  dns: [53, 853, 5353, 5355, 137],
  smtp: [24, 25, 26, 465, 587, 2525],
  ldap: [389, 636, 3268, 3269],
  krb5: [88, 464, 749, 750],
};
/** Screens 0 to 99 of remote frame buffers, and their pages (RFC 6143 §2). */
const isScreenPort = (port: number): boolean => port >= 5800 && port <= 5999;

export const TCP = 6;
export const UDP = 17;

interface Owner {
  readonly name: string;
  readonly fits: ReadonlySet<string>;
}

const ownersOf = (rows: readonly Row[]): ReadonlyMap<number, Owner> =>
  new Map(rows.map(([port, name, beside = ""]) => [port, { name, fits: new Set([name, ...beside.split(" ")]) }]));
const owners: Readonly<Record<number, ReadonlyMap<number, Owner>>> = { [TCP]: ownersOf(tcp), [UDP]: ownersOf(udp) };

/** Whose port it is, where it is another protocol's than `service`. */
export function otherOwner(protocol: number, port: number, service: string): string | undefined {
  const owner = owners[protocol]?.get(port);
  return owner === undefined || owner.fits.has(service) ? undefined : owner.name;
}

/** Where a protocol is at home, if its being elsewhere is worth a line; undefined when `port` is such a place. */
export function missedHomes(port: number, service: string): readonly number[] | undefined {
  const at = Object.hasOwn(homes, service) ? homes[service] : undefined;
  if (at === undefined || at.includes(port)) return undefined;
  return service === "rfb" ? (isScreenPort(port) ? undefined : [5900]) : at;
}

/** True where a port is a usual one of the protocol. */
export const isAtHome = (protocol: number, port: number, service: string): boolean =>
  owners[protocol]?.get(port)?.fits.has(service) === true ||
  (Object.hasOwn(homes, service) && (homes[service]?.includes(port) === true || (service === "rfb" && isScreenPort(port))));
