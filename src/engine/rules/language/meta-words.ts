import type { Draft, Handlers } from "./draft.ts";
import { meant } from "./meant.ts";
import { uint32 } from "./number-test.ts";
import { lacking, RuleProblem, refuse } from "./problem.ts";
import type { Option } from "./split-rule.ts";
import { argumentOf, noValue, partsOf, unquoted, wholeOf } from "./values.ts";

/** The version of Suricata whose rules Oddwire reads: what `requires:version` is compared with. */
const languageVersion: readonly [number, number, number] = [8, 0, 99];
/** What `requires:feature` may ask for. */
const features: readonly string[] = ["ja3", "ja4", "output::file-store"];

/** Words that name and describe the rule. */
export const metaHandlers: Handlers = {
  msg: (draft, option) => {
    const value = argumentOf(option, '"what happened"');
    if (!value.startsWith('"') || !value.endsWith('"') || value.length < 2)
      refuse(option.valueAt, "the value of msg is not in quotes", 'write msg:"what happened";');
    if (draft.message !== "") refuse(option.at, "the rule has two msgs", "take one away");
    draft.message = value.slice(1, -1).replaceAll(/\\([";:\\])/g, "$1");
  },
  sid: (draft, option) => {
    if (draft.sid !== 0) refuse(option.at, "the rule has two sids", "take one away");
    draft.sid = wholeOf(option, unquoted(argumentOf(option, "1000001")), 1, uint32);
  },
  gid: (draft, option) => {
    draft.gid = wholeOf(option, unquoted(argumentOf(option, "1")), 0, uint32);
  },
  rev: (draft, option) => {
    draft.rev = wholeOf(option, unquoted(argumentOf(option, "1")), 0, uint32);
  },
  classtype: (draft, option) => {
    const name = unquoted(argumentOf(option, "misc-activity")).toLowerCase();
    if (!/^[\w-]+$/.test(name)) refuse(option.valueAt, `${name} is no name of a class`, "write one of classification.config");
    if (!draft.around.classes.has(name)) {
      const mend = meant(name, draft.around.classes.keys(), "add it to classification.config");
      draft.around.warn(draft, option.valueAt, `classtype ${name} is not defined; its priority is 3`, mend);
    }
    draft.classtype = name;
  },
  priority: (draft, option) => {
    draft.priority = wholeOf(option, unquoted(argumentOf(option, "1")), 0, 0x7fff_ffff);
  },
  reference: reference,
  metadata: metadata,
  target: (draft, option) => {
    const side = unquoted(argumentOf(option, "dest_ip"));
    if (side !== "src_ip" && side !== "dest_ip") refuse(option.valueAt, `target is not ${side}`, "write target:src_ip; or target:dest_ip;");
    draft.target = side;
  },
  noalert: (draft, option) => {
    noValue(option);
    draft.noalert = true;
  },
  alert: (_draft, option) => noValue(option),
  requires: requires,
  prefilter: (draft, option) => {
    noValue(option);
    const tests = draft.packetTests.length + draft.flowTests.length + draft.wordTests.length;
    if (draft.content !== undefined) draft.content.fastPattern = true;
    else if (tests === 0 && draft.buffers.every((buffer) => buffer.tests.length === 0))
      refuse(option.at, "prefilter has nothing before it", "write it behind the test that filters");
  },
  bypass: (draft, option) => {
    noValue(option);
    draft.effects.push({ type: "bypass" });
  },
  config: (draft, option) => {
    const [first = "", ...values] = partsOf(argumentOf(option, "logging disable, type tx, scope tx"));
    const [subsystem = "", state = ""] = first.split(/\s+/);
    if (subsystem !== "logging" && subsystem !== "tracking")
      refuse(option.valueAt, `config knows nothing of ${subsystem}`, "write config:logging disable, type tx, scope tx;");
    draft.effects.push({ type: "config", subsystem, values: [state, ...values] });
  },
  tag: tag,
  lua: (_draft, option) => lacking(option.at, "rules with Lua scripts are not supported", "say it in contents, or write a detector"),
  luajit: (_draft, option) => lacking(option.at, "rules with Lua scripts are not supported", "say it in contents, or write a detector"),
  flowvar: (_draft, option) => lacking(option.at, "flowvar is not supported", "use flowint or flowbits"),
  pktvar: (_draft, option) => lacking(option.at, "pktvar is not supported", "use flowint or flowbits"),
  asn1: (_draft, option) => lacking(option.at, "asn1 is not supported"),
  l3_proto: (_draft, option) => lacking(option.at, "l3_proto is not supported", "write ipv4 or ipv6 in the header"),
  nfq_set_mark: withoutEffect,
  tls_store: withoutEffect,
};

function withoutEffect(draft: Draft, option: Option): void {
  draft.around.warn(draft, option.at, `${option.name} has no effect here`, "the rule is judged without it");
}

function reference(draft: Draft, option: Option): void {
  const value = unquoted(argumentOf(option, "url,example.com"));
  const comma = value.indexOf(",");
  const system = value.slice(0, comma).trim();
  const id = value.slice(comma + 1).trim();
  if (comma < 1 || id === "") refuse(option.valueAt, `reference ${value} has no kind or no name`, "write reference:url,example.com/page;");
  if (!draft.around.references.has(system.toLowerCase()))
    draft.around.warn(
      draft,
      option.valueAt,
      `${system} is no kind of reference`,
      meant(system, draft.around.references, "url, cve, md5 …"),
    );
  draft.references.push({ system, id: id.replaceAll(/\\([;:"\\])/g, "$1") });
}

function metadata(draft: Draft, option: Option): void {
  for (const part of partsOf(unquoted(argumentOf(option, "key value")))) {
    const blank = part.search(/\s/);
    if (blank < 0) continue;
    const key = part.slice(0, blank);
    const value = part.slice(blank).trim();
    const values = draft.metadata[key];
    if (values === undefined) draft.metadata[key] = [value];
    else values.push(value);
  }
}

/** `version >= 7.0.4 < 8 | >= 8.0.3`, `feature ja3`, `keyword ssh.proto`: a rule that is not for us is left out. */
function requires(draft: Draft, option: Option): void {
  for (const part of partsOf(argumentOf(option, "version >= 7"))) {
    const [word = "", ...rest] = part.split(/\s+/);
    const what = rest.join(" ");
    if (word === "version" || /^version[<>=]/.test(word)) versionMet(option, part.slice(7));
    else if (word === "feature") {
      if (!features.includes(what)) notForUs(option, `it requires the feature ${what}`);
    } else if (word === "keyword") {
      if (!draft.around.knowsOption(what)) notForUs(option, `it requires the keyword ${what}`);
    } else notForUs(option, `it requires ${shown(part)}, which is not known`);
  }
}

const shown = (text: string): string => (text === "" ? "nothing" : text);

function notForUs(option: Option, cause: string): never {
  throw new RuleProblem(option.at, cause, "nothing to mend: the rule is for another engine", "skipped");
}

function versionMet(option: Option, expression: string): void {
  const met = expression.split("|").some((all) => {
    const comparisons = [...all.matchAll(/(<=|>=|<|>)\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?/g)];
    if (comparisons.length === 0 || all.replaceAll(/(<=|>=|<|>)\s*\d+(\.\d+){0,2}/g, "").trim() !== "")
      refuse(option.valueAt, `version ${all.trim()} is not understood`, "write version >= 7.0.3 < 8");
    return comparisons.every(([, operator = "", ...parts]) =>
      compareVersion(
        operator,
        parts.map((part) => Number(part ?? 0)),
      ),
    );
  });
  if (!met) notForUs(option, `it requires version${expression}, and Oddwire reads the rules of ${languageVersion.slice(0, 2).join(".")}`);
}

function compareVersion(operator: string, wanted: readonly number[]): boolean {
  const index = languageVersion.findIndex((part, place) => part !== wanted[place]);
  const order = index < 0 ? 0 : (languageVersion[index] ?? 0) - (wanted[index] ?? 0);
  if (operator === "<") return order < 0;
  if (operator === "<=") return order <= 0;
  return operator === ">" ? order > 0 : order >= 0;
}

/** Packets that a tag without a number keeps. */
const tagPackets = 256;

function tag(draft: Draft, option: Option): void {
  const [scope = "", count, metric, direction, ...more] = partsOf(unquoted(argumentOf(option, "session,10,packets")));
  if (scope !== "session" && scope !== "host") refuse(option.valueAt, `tag has no scope ${scope}`, "write session or host");
  if (metric !== undefined && !["packets", "seconds", "bytes"].includes(metric))
    refuse(option.valueAt, `tag does not count ${metric}`, "write packets, seconds or bytes");
  if (direction !== undefined && (scope !== "host" || (direction !== "src" && direction !== "dst")))
    refuse(option.valueAt, `tag has no direction ${direction}`, "write src or dst behind tag:host,…");
  if (more.length > 0 || (count !== undefined && metric === undefined))
    refuse(option.valueAt, "tag takes a scope, a number, what is counted and a direction", "write tag:session,10,packets;");
  const of = scope === "session" ? "session" : (direction ?? "dst");
  if (draft.effects.some((effect) => effect.type === "tag" && effect.scope === of))
    refuse(option.at, `the rule has two tags of its ${of === "session" ? "session" : `${of} host`}`, "take one away");
  draft.effects.push({
    type: "tag",
    scope: of,
    count: count === undefined ? tagPackets : wholeOf(option, count, 0, uint32),
    metric: (metric ?? "packets") as "packets",
  });
}
