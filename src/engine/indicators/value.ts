import { ipv4Text, ipv6Text, parseAddress } from "#base/address.ts";
import type { IndicatorType } from "./indicator.ts";
import { toAscii } from "./punycode.ts";

/** A value in the form that is compared. */
export interface Value {
  readonly type: IndicatorType;
  readonly value: string;
  readonly port: number;
}

/** Why a text is no value, in words that fit behind "is". */
export type Refusal = { readonly cause: string; readonly mend: string };

const hexLengths: Readonly<Partial<Record<IndicatorType, number>>> = {
  ja3: 32,
  ja3s: 32,
  hassh: 32,
  certificate: 40,
  md5: 32,
  sha1: 40,
  sha256: 64,
  digest: 32,
};
const guessByDigits: Readonly<Record<number, IndicatorType>> = { 32: "digest", 40: "sha1", 64: "sha256" };
const ja4Pattern = /^[tqd][0-9s][0-9][di][0-9]{4}[0-9a-z]{2}_[0-9a-f]{12}_[0-9a-f]{12}$/;
const hexPattern = /^[0-9a-fA-F]+$/;
const pairsPattern = /^[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){19}$/;
const domainPattern = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const nameBytesMax = 253;
const urlBytesMax = 8192;

/** Reads a value of a type, or of the type that it looks like. */
export function readValue(given: string, type?: IndicatorType): Value | Refusal {
  const text = refanged(given);
  const kind = type ?? guess(text);
  if (kind === undefined)
    return {
      cause: `${quoted(given)} is no address, network, domain, URL, fingerprint or digest`,
      mend: "write one value a line, or a CSV file with a header that names the columns `value` and `type`",
    };
  switch (kind) {
    case "address":
      return readAddress(text);
    case "domain":
      return readDomain(text);
    case "url":
      return readUrl(text);
    case "ja4":
      return ja4Pattern.test(text) ? plain(kind, text) : wrong(text, "no JA4", "it looks like t13d1516h2_8daaf6152771_02713d6af862");
    default:
      return readDigits(text, kind);
  }
}

export const isRefusal = (value: Value | Refusal): value is Refusal => "cause" in value;

const plain = (type: IndicatorType, value: string, port = 0): Value => ({ type, value, port });
const wrong = (text: string, cause: string, mend: string): Refusal => ({ cause: `${quoted(text)} is ${cause}`, mend });
const quoted = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);

/** Lists for people write what must not be clicked as `hxxp://evil[.]com`. */
function refanged(text: string): string {
  const trimmed = text.trim();
  if (!trimmed.includes("[") && !trimmed.startsWith("hxx")) return trimmed;
  return trimmed
    .replaceAll("[.]", ".")
    .replaceAll("[:]", ":")
    .replace(/^hxx(ps?:\/\/)/, "htt$1");
}

function guess(text: string): IndicatorType | undefined {
  if (text.includes("://")) return "url";
  if (hexPattern.test(text) && guessByDigits[text.length] !== undefined) return guessByDigits[text.length];
  if (pairsPattern.test(text)) return "certificate";
  if (ja4Pattern.test(text)) return "ja4";
  if (!isRefusal(readAddress(text))) return "address";
  if (text.includes("/")) return isRefusal(readUrl(text)) || /^[\d.:/]+$/.test(text) ? undefined : "url";
  return text.includes(".") && !/^[\d.:]+$/.test(text) && !isRefusal(readDomain(text)) ? "domain" : undefined;
}

function readDigits(text: string, type: IndicatorType): Value | Refusal {
  const digits = text.replaceAll(":", "").toLowerCase();
  const length = hexLengths[type] as number;
  if (digits.length !== length || !hexPattern.test(digits)) return wrong(text, `no ${type}`, `it has ${length} hexadecimal digits`);
  return plain(type, digits);
}

/** An address or network, with a port behind a single address. */
export function readAddress(text: string): Value | Refusal {
  const withPort = /^(\d+\.\d+\.\d+\.\d+|\[[0-9a-fA-F:.]+\]):(\d{1,5})$/.exec(text);
  const body = withPort === null ? text : (withPort[1] as string).replace(/^\[|\]$/g, "");
  const port = withPort === null ? 0 : Number(withPort[2]);
  const [address = "", prefixText, more] = body.split("/");
  const parsed = parseAddress(address);
  if (parsed === undefined || more !== undefined || port > 65_535)
    return wrong(text, "no address or network", "write 192.0.2.1, 192.0.2.0/24 or 2001:db8::/32");
  const bits = parsed.version === 4 ? 32 : 128;
  const prefix = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : bits + 1;
  if (prefix > bits || prefix === 0)
    return wrong(text, `no network: the prefix ${prefixText ?? ""} is not 1 to ${bits}`, `write ${address}/${bits} for one address`);
  const [a, b, c, d] = parsed.words;
  const value = networkText(parsed.version, [a, b, c, d], prefix);
  return plain("address", value, port);
}

/** Text of a network; without a prefix when it is one address. Bits behind the prefix are cleared. */
export function networkText(version: 4 | 6, words: readonly number[], prefix: number): string {
  const cut = words.map((word, w) => (prefix >= (w + 1) * 32 ? word : prefix <= w * 32 ? 0 : word & ~(0xffffffff >>> (prefix - w * 32))));
  const [a, b, c, d] = cut as [number, number, number, number];
  if (version === 4) return prefix === 32 ? ipv4Text(a) : `${ipv4Text(a)}/${prefix}`;
  const text = ipv6Text(a, b, c, d);
  return prefix === 128 ? text : `${text}/${prefix}`;
}

function readDomain(text: string): Value | Refusal {
  const name = toAscii(text.replace(/^\*?\./, "").replace(/\.$/, ""));
  if (name.length > nameBytesMax || !domainPattern.test(name))
    return wrong(text, "no domain", "write evil.example, which stands for all names below it too");
  if (parseAddress(name) !== undefined) return wrong(text, "an address, no domain", "leave the type out, or say `address`");
  return plain("domain", name);
}

function readUrl(text: string): Value | Refusal {
  const key = urlKey(text);
  return key === undefined || key.length > urlBytesMax ? wrong(text, "no URL", "write http://evil.example/path") : plain("url", key);
}

/**
 * A URL as it is compared: host in lower case, port when it is not the scheme's own, path and query as they are;
 * scheme, user and fragment are left out. `undefined` when it has no host.
 */
export function urlKey(text: string): string | undefined {
  const match =
    /^(?:([a-zA-Z][a-zA-Z0-9+.-]*):\/\/)?(?:[^/?#@]*@)?(\[[0-9a-fA-F:.]+\]|[^/?#:@\s]+)(?::(\d{1,5}))?([/?][^#]*)?(?:#.*)?$/.exec(text);
  if (match === null) return undefined;
  const [, scheme = "", host = "", port, rest = "/"] = match;
  const name = host.startsWith("[") ? host.toLowerCase() : toAscii(host.replace(/\.$/, ""));
  if (!host.startsWith("[") && !domainPattern.test(name)) return undefined;
  const own = scheme.toLowerCase() === "https" ? "443" : scheme === "" ? (port ?? "") : "80";
  const isOwn = port === undefined || (port === own && (port === "80" || port === "443"));
  return `${name}${isOwn ? "" : `:${port}`}${rest.startsWith("?") ? `/${rest}` : rest}`;
}
