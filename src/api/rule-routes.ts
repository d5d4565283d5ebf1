import type { FastifyInstance } from "fastify";
import type { RuleControl } from "#contract/control.ts";
import { OddwireError } from "#contract/errors.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

/** The rules of this server. Throws ODW_ENGINE_ABSENT where there is nothing to change. */
export function rulesOf(context: ApiContext): RuleControl {
  if (context.rules === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
  return context.rules;
}

/** What the engine judges by, and its reload. */
export function addRuleRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/rules",
    summary: "Rules, keywords and indicators that the engine judges by: how many, what was refused, what the last reload changed.",
    tag: "rules",
    operationId: "rules",
    answer: ref("Rules"),
    handle: () => rulesOf(context).state(),
  });
  addChange(app, {
    method: "POST",
    path: "/api/v1/rules/reload",
    summary: "Reads all rule files and lists anew, without losing a packet; when they are refused, the old ones stay.",
    operationId: "rules_reload",
    answer: ref("Rules"),
    handle: () => rulesOf(context).reload(),
  });
}
