import type { Transaction } from "#contract/parser.ts";
import type { Signature } from "#engine/rules/signature.ts";

/** The `alert` object of a rule's events, with EVE's names. */
export function alertObject(signature: Signature): Transaction {
  const { gid, sid, rev, message, category, priority, references } = signature;
  const alert: Transaction = { action: "allowed", gid, signature_id: sid, rev, signature: message, category, severity: priority };
  if (Object.keys(signature.metadata).length > 0) alert["metadata"] = signature.metadata;
  if (references.length > 0) alert["references"] = references.map(({ system, id }) => referenceText(system, id));
  const mitre = mitreOf(signature.metadata);
  if (mitre !== undefined) alert["mitre"] = mitre;
  return alert;
}

const addressed: Readonly<Record<string, string>> = {
  url: "https://",
  cve: "https://cve.mitre.org/cgi-bin/cvename.cgi?name=",
  bugtraq: "https://www.securityfocus.com/bid/",
};

function referenceText(system: string, id: string): string {
  const prefix = addressed[system];
  if (prefix === undefined) return `${system}:${id}`;
  return /^https?:/.test(id) ? id : prefix + id;
}

/** Tactic and technique of ATT&CK, as the metadata of public rule sets name them. */
function mitreOf(metadata: Signature["metadata"]): { readonly [name: string]: readonly string[] } | undefined {
  const named = Object.entries(metadata).filter(([name]) => name.startsWith("mitre_"));
  return named.length === 0 ? undefined : Object.fromEntries(named.map(([name, values]) => [name.slice("mitre_".length), values]));
}
