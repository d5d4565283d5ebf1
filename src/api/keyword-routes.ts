import type { FastifyInstance, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";
import { rulesOf } from "./rule-routes.ts";

const path = "/api/v1/keywords";
const sidParameter = {
  type: "object",
  properties: { sid: { type: "integer", description: "The keyword's number." } },
  required: ["sid"],
} as const;

/** The keywords: all lists, changes of the own one, and what a text would fire. */
export function addKeywordRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path,
    summary: "All keywords, the lists that they stand in, and lines that were refused.",
    tag: "rules",
    operationId: "keywords",
    answer: ref("Keywords"),
    handle: () => rulesOf(context).keywords(),
  });
  addRoute(app, {
    path: `${path}/test`,
    summary: "Keywords that a text holds.",
    tag: "rules",
    operationId: "keywords_test",
    parameters: [
      { name: "text", type: "text", doc: "The text.", required: true },
      { name: "context", type: "text", doc: "As if it stood there: `http-uri`, `shell` …" },
    ],
    answer: ref("KeywordTest"),
    handle: (values) => ({ hits: rulesOf(context).testKeywords(values.text("text") ?? "", values.text("context")) }),
  });
  addChange(app, {
    method: "POST",
    path,
    summary: "Adds a line to the own list.",
    operationId: "keywords_add",
    body: { line: { type: "text", doc: 'The line: `word "wget" severity=high`.', required: true } },
    answer: ref("Keyword"),
    handle: (body) => rulesOf(context).addKeyword(body.text("line") ?? ""),
  });
  addChange(app, {
    method: "PATCH",
    path: `${path}/:sid`,
    summary: "Switches a keyword of any list on or off.",
    operationId: "keywords_switch",
    pathParameters: sidParameter,
    body: { on: { type: "boolean", doc: "Whether it is looked for.", required: true } },
    answer: ref("Done"),
    handle: (body, request) => done(rulesOf(context).switchKeyword(sidOf(request), body.flag("on") === true)),
  });
  addChange(app, {
    method: "DELETE",
    path: `${path}/:sid`,
    summary: "Takes a keyword out of the own list.",
    operationId: "keywords_remove",
    pathParameters: sidParameter,
    answer: ref("Done"),
    handle: (_body, request) => done(rulesOf(context).removeKeyword(sidOf(request))),
  });
}

function sidOf(request: FastifyRequest): number {
  const { sid } = request.params as { readonly sid: string };
  if (!/^\d{1,10}$/.test(sid)) throw new OddwireError("ODW_PARAMETER_BAD", { cause: "the number of a keyword is a whole number", path });
  return Number(sid);
}

const done = async (change: Promise<void>): Promise<{ readonly done: true }> => {
  await change;
  return { done: true };
};
