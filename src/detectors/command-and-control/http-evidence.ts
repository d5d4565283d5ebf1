import { textOf } from "#base/members.ts";
import type { TransactionFact } from "#contract/detector.ts";
import { Evidence } from "./evidence.ts";
import { dynamicDomains } from "./known-certificates.ts";

/**
 * What speaks for a panel of stealers and bots behind one request: a program that says it is a browser but sends none of
 * the headers that browsers send, posts a form that no page asked for to a script, at a name that anybody gets for free.
 */
export function httpEvidence(fact: TransactionFact): Evidence {
  const { fields } = fact;
  const evidence = new Evidence();
  if (fields["http_method"] !== "POST") return evidence;
  const url = textOf(fields["url"]);
  const host = textOf(fields["hostname"]).toLowerCase();
  const agent = textOf(fields["http_user_agent"]);
  const headers = textOf(fields["request_header_names"]).toLowerCase();
  const asBrowser = /^Mozilla\/5\.0 .*(Firefox|Chrome|Safari|Edge?)\//.test(agent) || /MSIE \d|Trident\//.test(agent);
  const bare = headers.length > 0 && !/(^|,)accept(,|$)/.test(headers) && !/(^|,)accept-(language|encoding)(,|$)/.test(headers);
  // Houdini's worm and its heirs (FireEye, Now You See Me: H-worm by Houdini, 2013).
  evidence.add(/(<\|>[^<]*){4}/.test(agent) || agent.startsWith("WSHRAT|"), 5, "machine, user and system in the User-Agent", agent);
  evidence.add(asBrowser && bare, 2, "says it is a browser but sends none of its headers", agent);
  evidence.add(
    fields["http_refer"] === undefined && !/(^|,)(origin|referer|sec-fetch-site)(,|$)/.test(headers),
    0.5,
    "posted from no page",
    url,
  );
  evidence.add(/(^|,)expect(,|$)/.test(headers), 0.5, "asks before it sends, as .NET does", "Expect");
  evidence.add(dynamicDomains.has(lastLabels(host)), 1, "host with a name for changing addresses", host);
  evidence.add(/^[\d.]+$|^\[?[\da-f]*:[\da-f:]+\]?$/.test(host), 0.5, "host without a name", host);
  evidence.add(/\/[0-9a-f]{10,40}\.php$/i.test(url), 1.5, "script with a hexadecimal name", url);
  evidence.add(/\/(gate|panel|fre|tasks?|cmd|connect|index)\.php$/i.test(url) && bare, 0.5, "script of a panel", url);
  evidence.add(smallAnswer(fields["status"], fields["length"]), 0.5, "short answer", Number(fields["length"] ?? 0));
  return evidence;
}

const answerBytesMax = 256;
const smallAnswer = (status: unknown, length: unknown): boolean => status === 200 && typeof length === "number" && length <= answerBytesMax;
const lastLabels = (host: string): string => host.split(".").slice(-2).join(".");
