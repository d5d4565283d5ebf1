import type { ByteView } from "#base/bytes.ts";
import { elementBytes } from "#base/der.ts";
import { definePlugin, Probe, type Side } from "#contract/plugin.ts";
import { ldapKind } from "./facts.ts";
import { plausible, readMessage } from "./message.ts";
import { LdapParser } from "./parser.ts";
import { ldapWords } from "./words.ts";

/** Sequence, number, operation: each with a length that fits the others. Of a stream, the first message may be cut. */
function probe(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (end === at) return Probe.more;
  if (bytes[at] !== 0x30 || !plausible(bytes, at, end)) return Probe.no;
  const length = elementBytes(bytes, at, end);
  if (length > 4_000_000) return Probe.no;
  // Header, number and operation's header at their longest.
  return length > 0 && (end - at >= length || end - at >= 24) ? Probe.yes : Probe.more;
}

function probeDatagram(_side: Side, { bytes, at, end }: ByteView): Probe {
  if (end - at < 7 || bytes[at] !== 0x30) return Probe.no;
  const length = elementBytes(bytes, at, end);
  if (length <= 0 || length > end - at || !plausible(bytes, at, end)) return Probe.no;
  return readMessage(bytes, at, at + length) !== undefined ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "ldap",
  summary: "Directory requests (LDAP and CLDAP) and their answers.",
  needs: ["ntlm"],
  kinds: [ldapKind],
  words: ldapWords,
  protocols: [
    { name: "ldap", transports: ["tcp"], ports: [389, 3268], encrypts: true, probe, create: (context) => new LdapParser(context) },
    { name: "ldap", transports: ["udp"], ports: [389], probe: probeDatagram, create: (context) => new LdapParser(context) },
  ],
});
