/** Record types (IANA registry of DNS parameters), written as Suricata writes them. */
const typeNames: { readonly [code: number]: string } = {
  1: "A",
  2: "NS",
  3: "MD",
  4: "MF",
  5: "CNAME",
  6: "SOA",
  7: "MB",
  8: "MG",
  9: "MR",
  10: "NULL",
  11: "WKS",
  12: "PTR",
  13: "HINFO",
  14: "MINFO",
  15: "MX",
  16: "TXT",
  17: "RP",
  18: "AFSDB",
  19: "X25",
  20: "ISDN",
  21: "RT",
  22: "NSAP",
  23: "NSAPPTR",
  24: "SIG",
  25: "KEY",
  26: "PX",
  27: "GPOS",
  28: "AAAA",
  29: "LOC",
  30: "NXT",
  31: "EID",
  32: "NIMLOC",
  33: "SRV",
  34: "ATMA",
  35: "NAPTR",
  36: "KX",
  37: "CERT",
  38: "A6",
  39: "DNAME",
  40: "SINK",
  41: "OPT",
  42: "APL",
  43: "DS",
  44: "SSHFP",
  45: "IPSECKEY",
  46: "RRSIG",
  47: "NSEC",
  48: "DNSKEY",
  49: "DHCID",
  50: "NSEC3",
  51: "NSEC3PARAM",
  52: "TLSA",
  53: "SMIMEA",
  55: "HIP",
  59: "CDS",
  60: "CDNSKEY",
  61: "OPENPGPKEY",
  62: "CSYNC",
  63: "ZONEMD",
  64: "SVCB",
  65: "HTTPS",
  66: "DSYNC",
  99: "SPF",
  100: "UINFO",
  101: "UID",
  102: "GID",
  103: "UNSPEC",
  104: "NID",
  105: "L32",
  106: "L64",
  107: "LP",
  108: "EUI48",
  109: "EUI64",
  128: "NXNAME",
  249: "TKEY",
  250: "TSIG",
  251: "IXFR",
  252: "AXFR",
  253: "MAILB",
  254: "MAILA",
  255: "ANY",
  256: "URI",
  257: "CAA",
  258: "AVC",
  259: "DOA",
  260: "AMTRELAY",
  261: "RESINFO",
  262: "WALLET",
  32768: "TA",
  32769: "DLV",
};

/** Numbers of record types by name. */
export const typeNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  Object.entries(typeNames).map(([code, name]) => [name, Number(code)]),
);

/** The common ones in an array, since looking up a large number in an object is slow. */
const lowTypeNames: readonly (string | undefined)[] = Array.from({ length: 263 }, (_, code) => typeNames[code]);

/** Types that NetBIOS names (RFC 1002 §4.2.1.3) give to the same numbers. */
const netbiosTypeNames: { readonly [code: number]: string } = { 32: "NB", 33: "NBSTAT" };

export const RecordType = {
  a: 1,
  ns: 2,
  cname: 5,
  soa: 6,
  null: 10,
  ptr: 12,
  mx: 15,
  txt: 16,
  aaaa: 28,
  srv: 33,
  opt: 41,
  sshfp: 44,
  tsig: 250,
  netbiosName: 32,
  netbiosStatus: 33,
} as const;

/** Name of a record type; `TYPE65534` (RFC 3597 §5) when it has none. */
export function typeName(code: number, netbios: boolean): string {
  const netbiosName = netbios ? netbiosTypeNames[code] : undefined;
  if (netbiosName !== undefined) return netbiosName;
  return (code < lowTypeNames.length ? lowTypeNames[code] : typeNames[code]) ?? `TYPE${code}`;
}

/** True for the types that the registry knows. */
export const knownType = (code: number): boolean => (code < lowTypeNames.length ? lowTypeNames[code] : typeNames[code]) !== undefined;

/** Response codes (RFC 6895 §2.3), as Suricata writes them. */
const rcodes: readonly (string | undefined)[] = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
  "DSOTYPENI",
  undefined,
  undefined,
  undefined,
  undefined,
  "BADVERS",
  "BADKEY",
  "BADTIME",
  "BADMODE",
  "BADNAME",
  "BADALG",
  "BADTRUNC",
  "BADCOOKIE",
];

/** Numbers of response codes by name. */
export const rcodeNumbers: Readonly<Record<string, number>> = Object.fromEntries(
  rcodes.flatMap((name, code) => (name === undefined ? [] : [[name, code]])),
);

/** Name of a response code, or its number. */
export const rcodeName = (code: number): string => rcodes[code] ?? String(code);

export const RecordClass = { internet: 1, chaos: 3, hesiod: 4, none: 254, any: 255 } as const;

const classNames: { readonly [code: number]: string } = { 1: "IN", 2: "CS", 3: "CH", 4: "HS", 254: "NONE", 255: "ANY" };

/** Name of a class, `CLASS32` (RFC 3597 §5) when it has none. */
export const className = (code: number): string => classNames[code] ?? `CLASS${code}`;
