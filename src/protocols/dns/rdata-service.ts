import { toHex } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import type { NameReader } from "./name-reader.ts";
import { addressText, textAt } from "./rdata-text.ts";
import { base64 } from "./text.ts";

/** Parameters of one record that are told. */
const parametersMax = 32;
/** Values of one list parameter that are told. */
const valuesMax = 32;
const BYTES_MAX = 4096;

const keys: readonly string[] = ["mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint", "dohpath", "ohttp"];
const keyName = (key: number): string => keys[key] ?? `key${key}`;

/** SVCB and HTTPS (RFC 9460 §2.1): priority, target, parameters. */
export function serviceText(names: NameReader, bytes: Uint8Array, view: DataView, at: number, end: number): string | undefined {
  const target = at + 2 < end && end - at <= BYTES_MAX ? names.read(at + 2) : undefined;
  if (target === undefined) return undefined;
  let text = `${view.getUint16(at)} ${target === "" ? "." : target}`;
  let i = names.next;
  for (let told = 0; i < end && told < parametersMax; told++) {
    const stop = i + 4 <= end ? i + 4 + view.getUint16(i + 2) : end + 1;
    if (stop > end) return undefined;
    const key = view.getUint16(i);
    const value = parameterValue(key, bytes, view, i + 4, stop);
    text += value === "" ? ` ${keyName(key)}` : ` ${keyName(key)}=${value}`;
    i = stop;
  }
  return text;
}

function parameterValue(key: number, bytes: Uint8Array, view: DataView, at: number, end: number): string {
  const values: string[] = [];
  if (key === 0) for (let i = at; i + 2 <= end && values.length < valuesMax; i += 2) values.push(keyName(view.getUint16(i)));
  else if (key === 1)
    for (let i = at; i < end && values.length < valuesMax; i += 1 + (bytes[i] as number)) values.push(textAt(bytes, i, end) ?? "?");
  else if (key === 3 && end - at === 2) return String(view.getUint16(at));
  else if (key === 4)
    for (let i = at; i + 4 <= end && values.length < valuesMax; i += 4) values.push(addressText(1, bytes, i, i + 4) ?? "");
  else if (key === 5) return base64(bytes, at, end);
  else if (key === 6)
    for (let i = at; i + 16 <= end && values.length < valuesMax; i += 16) values.push(addressText(2, bytes, i, i + 16) ?? "");
  else if (key === 7) return looseText(bytes, at, end);
  else return toHex(bytes, at, end);
  return values.join(",");
}
