import type { Reader } from "#base/reader.ts";
import type { Transaction } from "#contract/parser.ts";
import { Capability, lengthEncoded, lengthEncodedText } from "./packets.ts";

const textBytesMax = 256;
const attributesMax = 16;

/** The server's greeting (MySQL "Protocol::HandshakeV10"). */
export function readGreeting(fields: Reader): Transaction {
  const protocol = fields.u8();
  const greeting: Transaction = { version: fields.zeroText(textBytesMax), protocol, thread_id: fields.u32(true) };
  if (protocol !== 10) return greeting;
  fields.skip(9);
  let capabilities = fields.u16(true);
  if (fields.left >= 18) {
    fields.skip(3);
    capabilities += fields.u16(true) * 0x1_0000;
    const mixBytes = fields.u8();
    fields.skip(10);
    if ((capabilities & Capability.pluginAuth) !== 0) {
      fields.skip(Math.max(13, mixBytes - 8));
      // Some servers forget the zero at the end.
      const at = fields.at;
      let plugin = fields.zeroText(textBytesMax);
      if (fields.short) {
        fields.at = at;
        plugin = fields.rest(textBytesMax);
      }
      if (plugin !== "") greeting["auth_plugin"] = plugin;
    }
  }
  greeting["capabilities"] = capabilities;
  return greeting;
}

/** The client's login (MySQL "Protocol::HandshakeResponse41" and "320"). Its proof is passed over. */
export function readLogin(fields: Reader): Transaction {
  const low = fields.u16(true);
  if ((low & Capability.protocol41) === 0) {
    fields.u24(true);
    const old: Transaction = { client_capabilities: low, cmd: "login", arg: fields.zeroText(textBytesMax) };
    if ((low & Capability.connectWithDb) === 0) return old;
    fields.zeroText(0);
    return withDatabase(old, fields.zeroText(textBytesMax));
  }
  const capabilities = low + fields.u16(true) * 0x1_0000;
  fields.skip(28);
  if (fields.left === 0 && (capabilities & Capability.ssl) !== 0) return { client_capabilities: capabilities, tls: true };
  const login: Transaction = { client_capabilities: capabilities, cmd: "login", arg: fields.zeroText(textBytesMax) };
  if ((capabilities & Capability.lengthEncodedAuth) !== 0) fields.skip(lengthEncoded(fields));
  else if ((capabilities & Capability.secureConnection) !== 0) fields.skip(fields.u8());
  else fields.zeroText(0);
  if ((capabilities & Capability.connectWithDb) !== 0 && fields.left > 0) withDatabase(login, fields.zeroText(textBytesMax));
  if ((capabilities & Capability.pluginAuth) !== 0 && fields.left > 0) withPlugin(login, fields.zeroText(textBytesMax));
  if ((capabilities & Capability.connectAttributes) !== 0 && fields.left > 0) readAttributes(login, fields);
  return login;
}

/** A change of user on an open connection. */
export function readChangeUser(fields: Reader): Transaction {
  const change: Transaction = { arg: fields.zeroText(textBytesMax) };
  fields.skip(fields.u8());
  withDatabase(change, fields.zeroText(textBytesMax));
  if (fields.left < 3) return change;
  fields.u16();
  return withPlugin(change, fields.zeroText(textBytesMax));
}

function withDatabase(fields: Transaction, database: string): Transaction {
  if (database !== "") fields["database"] = database;
  return fields;
}

function withPlugin(fields: Transaction, plugin: string): Transaction {
  if (plugin !== "") fields["auth_plugin"] = plugin;
  return fields;
}

function readAttributes(login: Transaction, fields: Reader): void {
  const end = Math.min(fields.end, lengthEncoded(fields) + fields.at);
  const attributes: object[] = [];
  while (fields.at < end && attributes.length < attributesMax) {
    const name = lengthEncodedText(fields, textBytesMax);
    const value = lengthEncodedText(fields, textBytesMax);
    if (fields.short) break;
    attributes.push({ name, value });
  }
  if (attributes.length > 0) login["attributes"] = attributes;
}
