import type { FlowFact } from "#contract/detector.ts";

/** Owners of ports whose connections begin with bytes that are no text, and those that begin with text on both sides. */
const binaryOwners: ReadonlySet<string> = new Set(["tls", "smb", "rdp", "quic", "dcerpc"]);
const textOwners: ReadonlySet<string> = new Set(["http", "ftp", "smtp", "pop3", "imap", "nntp"]);
/** Both sides' first payloads are text to this share, or to no more than that. */
const textMin = 0.95;
const binaryMax = 0.6;
/** Payload that a side must have shown, bytes. */
const bytesMin = 32;

/** How an unknown protocol contradicts the owner of its port; undefined where it does not, or too little was seen. */
export function contradiction(fact: FlowFact, owner: string): string | undefined {
  if (fact.midstream || Math.min(fact.payloadToServer, fact.payloadToClient) < bytesMin) return undefined;
  const least = Math.min(fact.payloadTextToServer, fact.payloadTextToClient);
  const most = Math.max(fact.payloadTextToServer, fact.payloadTextToClient);
  if (binaryOwners.has(owner) && least >= textMin) return "clear text of no known protocol";
  return textOwners.has(owner) && most <= binaryMax ? "bytes that are no text and no known protocol" : undefined;
}
