import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMeasurable } from "#engine/names/name-features.ts";
import { splitName } from "#engine/names/registered-domain.ts";

interface CaptureFacts {
  readonly category: string;
  readonly label?: string;
  readonly tshark_ref?: {
    readonly dns?: { readonly names?: readonly string[] };
    readonly tls?: readonly { readonly sni?: string }[];
    readonly http?: { readonly list?: readonly (readonly string[])[] };
  };
}

const told = /attack|malware|tunnel|exfil|c2|rat\b|beacon|robustness|flood|infected/i;

/**
 * Registered labels that real captures asked for, greeted or named as their host, once each, without the captures that their
 * authors call attacks, tunnels or broken, and without names that were written over (`xxxx`) or that no public suffix ends. Empty without ODDWIRE_CORPORA.
 */
export function realLabels(): readonly string[] {
  const file = join(process.env["ODDWIRE_CORPORA"] ?? "", "dev/manifest.json");
  if (process.env["ODDWIRE_CORPORA"] === undefined || !existsSync(file)) return [];
  const { files } = JSON.parse(readFileSync(file, "utf8")) as { files: readonly CaptureFacts[] };
  const labels = new Set<string>();
  for (const { category, label = "", tshark_ref: facts = {} } of files) {
    if (told.test(category) || told.test(label)) continue;
    const names = [
      ...(facts.dns?.names ?? []),
      ...(facts.tls ?? []).map((hello) => hello.sni),
      ...(facts.http?.list ?? []).map((request) => request[1]),
    ];
    for (const name of names) {
      const split = name === undefined ? undefined : splitName(name.replace(/:\d+$/, ""));
      if (split?.isListed === true && isMeasurable(split.label) && !/^(.)\1*$/.test(split.label)) labels.add(split.label);
    }
  }
  return [...labels].toSorted();
}
