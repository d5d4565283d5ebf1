import type { Platform } from "#contract/platform.ts";
import { type ClientHello, offeredVersion } from "./client-hello.ts";
import { Extension, isGrease } from "./extensions.ts";
import { digestText } from "./ja3.ts";

/** First letter of a JA4: TLS over TCP, QUIC, DTLS. */
export type Ja4Transport = "t" | "q" | "d";

/** JA4 of a client's hello (FoxIO technical_details/JA4.md, BSD-3): `t13d1516h2_8daaf6152771_e5627efa2ab1`. */
export function ja4(hello: ClientHello, transport: Ja4Transport, platform: Platform): string {
  const ciphers = hello.ciphers.filter(notGrease);
  const extensions = hello.extensions.filter(notGrease);
  const version = VERSIONS[offeredVersion(hello)] ?? "00";
  const name = extensions.includes(Extension.serverName) ? "d" : "i";
  const head = `${transport}${version}${name}${count(ciphers.length)}${count(extensions.length)}${protocol(hello.alpns[0])}`;
  const sorted = hexList(extensions.filter(hashedExtension).toSorted(ascending));
  const algorithms = hexList(hello.signatureAlgorithms.filter(notGrease));
  const tail = sorted === "" || algorithms === "" ? sorted : `${sorted}_${algorithms}`;
  return `${head}_${hash12(hexList(ciphers.toSorted(ascending)), platform)}_${hash12(tail, platform)}`;
}

const VERSIONS: { readonly [version: number]: string } = {
  2: "s2",
  768: "s3",
  769: "10",
  770: "11",
  771: "12",
  772: "13",
  65279: "d1",
  65277: "d2",
  65276: "d3",
};

const notGrease = (value: number): boolean => !isGrease(value);
// The name and the protocols are in the head already.
const hashedExtension = (type: number): boolean => type !== Extension.serverName && type !== Extension.alpn;
const ascending = (a: number, b: number): number => a - b;
const count = (n: number): string => (n > 99 ? "99" : String(n).padStart(2, "0"));

function hexList(values: readonly number[]): string {
  let text = "";
  for (const value of values) text += `${text === "" ? "" : ","}${value.toString(16).padStart(4, "0")}`;
  return text;
}

const hash12 = (text: string, platform: Platform): string =>
  text === "" ? "000000000000" : digestText("sha256", text, platform).slice(0, 12);

/** First and last character of the first protocol's name; of its hexadecimal text when one of the two is no letter or digit. */
function protocol(name: string | undefined): string {
  if (name === undefined || name === "") return "00";
  const first = name.charCodeAt(0);
  const last = name.charCodeAt(name.length - 1);
  if (isAlphanumeric(first) && isAlphanumeric(last)) return String.fromCharCode(first, last);
  return (first >>> 4).toString(16) + (last & 15).toString(16);
}

const isAlphanumeric = (code: number): boolean =>
  (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
