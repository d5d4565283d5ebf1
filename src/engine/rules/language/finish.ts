import type { BufferTests, Header, Signature } from "#engine/rules/signature.ts";
import { checkBuffers, checkWhole, oneSide } from "./check.ts";
import { type Draft, type DraftBuffer, PAYLOAD } from "./draft.ts";
import { prefilterOf } from "./prefilter.ts";
import { refuse } from "./problem.ts";
import { payloadOf, scopeOf } from "./scope.ts";

/** Priority of a rule that has no class, and of classes that nobody defined. */
const priorityDefault = 3;

/** The rule as a whole: checked, and in the form that is judged. */
export function finish(draft: Draft): Signature {
  if (draft.sid === 0) refuse(draft.text.length, "the rule has no sid", "add sid:1000001; from 1000000 on they are yours");
  const buffers = mergedBuffers(draft);
  checkBuffers(draft, buffers);
  const applications = applicationsOf(draft);
  const side = oneSide(draft);
  const scope = scopeOf(draft);
  checkWhole(draft, scope);
  if (draft.header.ipProtocol !== undefined)
    draft.packetTests.push({ type: "number", field: "ip_proto", negated: false, test: { operator: "=", value: draft.header.ipProtocol } });
  const known = draft.classtype === undefined ? undefined : draft.around.classes.get(draft.classtype);
  return {
    place: { file: draft.file, line: draft.line, column: 1 },
    text: draft.text,
    action: draft.header.action,
    header: headerOf(draft, applications),
    scope,
    gid: draft.gid,
    sid: draft.sid,
    rev: draft.rev,
    message: draft.message,
    classtype: draft.classtype,
    category: known?.name ?? "",
    priority: draft.priority ?? known?.priority ?? priorityDefault,
    references: draft.references,
    metadata: draft.metadata,
    target: draft.target,
    packetTests: draft.packetTests,
    flowTests: draft.flowTests,
    wordTests: draft.wordTests,
    buffers: buffers.map(bufferOf),
    effects: draft.effects,
    thresholds: draft.thresholds,
    suppressions: draft.suppressions,
    noalert: draft.noalert,
    prefilter: prefilterOf(buffers),
    payload: payloadOf(draft),
    side,
  };
}

function headerOf({ header }: Draft, applications: readonly string[]): Header {
  const { layer, source, sourcePorts, target, targetPorts, both, transactional } = header;
  return { layer, applications, source, sourcePorts, target, targetPorts, both, transactional };
}

/** A buffer that is named twice is one, unless a message has several values of it. */
function mergedBuffers(draft: Draft): DraftBuffer[] {
  const result: DraftBuffer[] = [];
  const known = new Map<string, DraftBuffer>();
  for (const buffer of draft.buffers) {
    const key = `${buffer.name} ${buffer.side ?? ""} ${buffer.key}`;
    const same = buffer.word?.several === true ? undefined : known.get(key);
    if (same === undefined) {
      if (buffer.tests.length === 0 && (buffer.name === PAYLOAD || isLeftOver(buffer, result))) continue;
      known.set(key, buffer);
      result.push(buffer);
    } else {
      same.tests.push(...buffer.tests);
      same.absent ??= buffer.absent;
    }
  }
  return result;
}

/** Transforms behind the last content of a buffer, which nothing looks at any more. */
function isLeftOver(buffer: DraftBuffer, before: readonly DraftBuffer[]): boolean {
  return buffer.transforms.length > 0 && before.some(({ name, at }) => name === buffer.name && at === buffer.at);
}

function bufferOf({ name, transforms, tests, absent, base64, side }: DraftBuffer): BufferTests {
  return { buffer: name, transforms, tests, absent, base64, side };
}

/** Applications that both the header and all words are about. */
function applicationsOf(draft: Draft): readonly string[] {
  let left = draft.header.applications;
  for (const { word, at } of draft.used) {
    if (word.protocols.length === 0) continue;
    const common: readonly string[] = left === undefined ? word.protocols : left.filter((name) => word.protocols.includes(name));
    if (common.length === 0) {
      const about = draft.header.applications === undefined ? (left ?? []).join(", ") : draft.header.protocol;
      refuse(
        at,
        `${word.name} is a word of ${word.protocols.join(", ")}, and the rule is about ${about}`,
        "write one rule for each protocol, or another header",
      );
    }
    left = common;
  }
  return left ?? [];
}
