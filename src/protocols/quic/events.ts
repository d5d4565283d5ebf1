import { latin1, toHex } from "#base/bytes.ts";
import type { Transaction } from "#contract/parser.ts";
import type { Platform } from "#contract/platform.ts";
import type { ClientHello } from "#protocols/tls/client-hello.ts";
import { Extension } from "#protocols/tls/extensions.ts";
import { clientFingerprints, serverFingerprint } from "#protocols/tls/fingerprints.ts";
import { cipherName, groupName } from "#protocols/tls/names.ts";
import type { ServerHello } from "#protocols/tls/server-hello.ts";
import { extensionName, offeredVersionText } from "./extension-names.ts";
import type { LongHeader } from "./long-header.ts";
import { VarintReader } from "./varint.ts";
import { versionName, versionText } from "./versions.ts";

/** Transport parameter in which Google's clients tell their software. */
const USER_AGENT = 0x3129;
const userAgentBytesMax = 1024;

/** Members that every packet has. */
export function packetFields(version: number, header: LongHeader | undefined, bytes: Uint8Array): Transaction {
  const fields: Transaction = { version: versionText(version) };
  const name = versionName(version);
  if (name !== undefined) fields["version_name"] = name;
  if (header !== undefined && header.toEnd > header.to) fields["dcid"] = toHex(bytes, header.to, header.toEnd);
  if (header !== undefined && header.fromEnd > header.from) fields["scid"] = toHex(bytes, header.from, header.fromEnd);
  return fields;
}

/** Adds what a client's hello says. */
export function addClientHello(fields: Transaction, hello: ClientHello, platform: Platform): void {
  const agent = hello.transportParameters === undefined ? undefined : userAgent(hello.transportParameters);
  if (hello.sni !== undefined) fields["sni"] = hello.sni;
  if (agent !== undefined) fields["ua"] = agent;
  if (hello.complete) {
    const { ja3, ja4 } = clientFingerprints(hello, "q", platform);
    fields["ja3"] = ja3;
    fields["ja4"] = ja4;
  }
  fields["extensions"] = hello.extensions.map((type) => {
    if (type === Extension.serverName) return extension(type, hello.sni === undefined ? [] : [hello.sni]);
    if (type === Extension.alpn) return extension(type, hello.alpns);
    if (type === Extension.signatureAlgorithms) return extension(type, hello.signatureAlgorithms.map(String));
    return extension(type, type === Extension.supportedVersions ? hello.versions.map(offeredVersionText) : []);
  });
  if (hello.alpns.length > 0) fields["client_alpns"] = hello.alpns;
  if (hello.extensions.includes(Extension.earlyData)) fields["early_data"] = true;
  if (hello.extensions.includes(Extension.encryptedClientHello)) fields["ech"] = true;
}

/** Adds what a server's hello says. */
export function addServerHello(fields: Transaction, hello: ServerHello, platform: Platform): void {
  fields["ja3s"] = serverFingerprint(hello, platform);
  fields["extensions"] = hello.extensions.map((type) =>
    extension(type, type === Extension.supportedVersions ? [offeredVersionText(hello.version)] : []),
  );
  fields["cipher"] = cipherName(hello.cipher);
  if (hello.group !== undefined) fields["group"] = groupName(hello.group);
  if (hello.extensions.includes(Extension.preSharedKey)) fields["psk"] = true;
  if (hello.retry) fields["hello_retry"] = true;
}

function extension(type: number, values: readonly string[]): Transaction {
  const name = extensionName(type);
  const fields: Transaction = name === undefined ? { type } : { name, type };
  if (values.length > 0) fields["values"] = values;
  return fields;
}

/** RFC 9000 §18: identifier, length, value of each parameter. */
function userAgent(parameters: Uint8Array): string | undefined {
  const reader = new VarintReader(new DataView(parameters.buffer, parameters.byteOffset, parameters.byteLength), 0, parameters.length);
  while (reader.at < reader.end) {
    const id = reader.next();
    const length = reader.next();
    const from = reader.at;
    if (!reader.skip(length)) return undefined;
    if (id === USER_AGENT) return latin1(parameters, from, Math.min(from + length, from + userAgentBytesMax));
  }
  return undefined;
}
