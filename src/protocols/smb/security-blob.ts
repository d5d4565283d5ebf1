import type { Transaction } from "#contract/parser.ts";
import { findServiceTicket } from "#protocols/kerberos/message.ts";
import { findMessage, MessageType, readMessage } from "#protocols/ntlm/message.ts";

/** Who logs on, from the token of a session setup; adds nothing when it does not say. */
export function readSecurityBlob(fields: Transaction, bytes: Uint8Array, view: DataView, from: number, to: number): void {
  const at = findMessage(bytes, from, to);
  if (at >= 0) {
    const message = readMessage(bytes, view, at, to);
    if (message?.type !== MessageType.authenticate) return;
    const { domain, user, host, version } = message;
    fields["ntlmssp"] = version === undefined ? { domain, user, host } : { domain, user, host, version };
    return;
  }
  const ticket = findServiceTicket(bytes, from, to);
  if (ticket !== undefined) fields["kerberos"] = { realm: ticket.realm, snames: ticket.snames };
}
