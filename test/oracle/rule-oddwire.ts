import { createHash } from "node:crypto";
import { BufferJudge } from "#engine/rules/judge/buffer.ts";
import { Scratch } from "#engine/rules/judge/scratch.ts";
import { transformed } from "#engine/rules/judge/transforms.ts";
import { type ParsedRules, parseRules } from "#engine/rules/language/parse.ts";
import type { Signature } from "#engine/rules/signature.ts";

const tools = { digest: (algorithm: string, bytes: Uint8Array) => new Uint8Array(createHash(algorithm).update(bytes).digest()) };

/** Understands rules whose words are about `payload` and `http.request_body`. */
export function understand(rules: readonly string[]): ParsedRules {
  const body = { name: "http.request_body", type: "bytes", protocols: ["http"], side: "toServer" } as const;
  return parseRules({ files: [{ name: "all.rules", text: rules.join("\n") }] }, [body]);
}

/** True when all that the signature demands of bytes holds for these: whatever its buffers are called. */
export function holds(signature: Signature, bytes: Uint8Array): boolean {
  const judge = new BufferJudge();
  const scratch = new Scratch();
  scratch.beginRule();
  return signature.buffers.every((tests, index) => {
    if (tests.base64 !== undefined) return true;
    const rest = signature.buffers.slice(index + 1);
    const end = rest.findIndex(({ base64 }) => base64 === undefined);
    const changed = transformed(tests.transforms, bytes, tools);
    return judge.match(tests, changed, 0, changed.length, scratch, end < 0 ? rest : rest.slice(0, end));
  });
}
