import type { FlowFact } from "#contract/detector.ts";
import { Evidence } from "./evidence.ts";

/** What stands between the fields of a message: one to six signs that are neither letters, digits nor of a sentence. */
const separators = /\|'\|'\||\|{1,2}|\t|;;?|#{1,3}|\^{1,2}|~{1,2}|<\|>|&&|@@/g;
const fieldsMin = 5;

const system =
  /\b(Windows (XP|Vista|7|8|8\.1|10|11|Server)|Win(XP|Vista|7|8|10|11)\b|Microsoft Windows|Ubuntu|Debian|CentOS|Linux \d|Mac ?OS)/i;
/** The names that Windows gives machines by itself, or one of a machine and a user together. */
const machine = /\b(DESKTOP-[A-Z0-9]{7}|WIN-[A-Z0-9]{11}|LAPTOP-[A-Z0-9]{8}|[A-Z0-9-]{2,14}-PC)\b/;
const pair = /^[\w.-]{1,24} ?[\\/@] ?[\w.-]{2,24}$/;
const hardware = /\b(\d+(\.\d+)? ?(MB|GB)|Intel\(R\)|AMD [A-Z]\w+|x64|x86|64-?bit|32-?bit)\b/i;
const guard = /\b(Windows Defender|antivirus|avast|kaspersky|nod32|mcafee|nan-av|No ?AV)\b/i;
const country = /^([A-Z]{2}|[A-Z]{2}:[A-Z][\w ]{3,30})$/;
const user = /^(admin|administrator|user|root|test)$/i;

/**
 * What speaks for a tool that introduces its machine to a master: fields behind one another that name the system, the
 * machine, its user, its hardware, its guard. Programs that report such things do so in a known protocol.
 */
export function hostEvidence(text: string, fact: FlowFact): Evidence {
  const evidence = new Evidence();
  const separator = usual(text);
  if (separator === undefined) return evidence;
  const fields = text.split(separator).map((field) => field.trim());
  if (fields.length < fieldsMin) return evidence;
  const firstOf = (pattern: RegExp): string | undefined => fields.find((field) => field.length < 80 && pattern.test(field));
  const add = (weight: number, feature: string, found: string | undefined): void =>
    evidence.add(found !== undefined, weight, feature, found ?? "");
  add(2, "names its system", firstOf(system));
  add(1.5, "names its machine", firstOf(machine) ?? firstOf(pair));
  add(0.5, "names its user", firstOf(user));
  add(1, "names its hardware", firstOf(hardware));
  add(1, "names its guard", firstOf(guard));
  add(0.5, "names its country", firstOf(country));
  evidence.add(fields.length >= 2 * fieldsMin, 0.5, "fields behind one another", fields.length);
  evidence.add(fact.serverPort >= 1024, 0.5, "port of no service", fact.serverPort);
  return evidence;
}

/** The separator that stands most often in a text, at least four times. */
function usual(text: string): string | undefined {
  const counts = new Map<string, number>();
  for (const [found] of text.matchAll(separators)) counts.set(found, (counts.get(found) ?? 0) + 1);
  const [best] = [...counts].toSorted((a, b) => b[1] - a[1]);
  return best === undefined || best[1] < fieldsMin - 1 ? undefined : best[0];
}
