import type { FastifyInstance, FastifyRequest } from "fastify";
import { ref } from "./answer-schemas.ts";
import { addChange, type BodyMember } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";
import { rulesOf } from "./rule-routes.ts";

const path = "/api/v1/indicators";
const listBytesMax = 64_000_000;
const nameParameter = {
  type: "object",
  properties: { name: { type: "string", description: "Name of the list." } },
  required: ["name"],
} as const;
const valueMember: BodyMember = { type: "text", doc: "Address, network, domain, URL, fingerprint or digest.", required: true };
const optional = (doc: string): BodyMember => ({ type: "text", doc });

/** Lists of indicators: all of them, changes of the own one, whole lists, and what they say about a value. */
export function addIndicatorRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path,
    summary: "Lists of indicators, how much they hold, and what is on the own one.",
    tag: "rules",
    operationId: "indicators",
    answer: ref("Indicators"),
    handle: () => rulesOf(context).indicators(),
  });
  addRoute(app, {
    path: `${path}/test`,
    summary: "What the lists say about a value.",
    tag: "rules",
    operationId: "indicators_test",
    parameters: [
      { name: "value", type: "text", doc: "Address, name, URL, fingerprint or digest.", required: true },
      { name: "type", type: "text", doc: "What it is, when it does not show." },
    ],
    answer: ref("IndicatorTest"),
    handle: (values) => rulesOf(context).testIndicator(values.text("value") ?? "", values.text("type")),
  });
  addChange(app, {
    method: "POST",
    path,
    summary: "Puts a value on the own list.",
    operationId: "indicators_add",
    body: {
      value: valueMember,
      type: optional("What it is, when it does not show: `ja3`, `certificate` …"),
      source: optional("Who says so."),
      expires: optional("When it stops counting: `2027-01-31`."),
      note: optional("What is to be said of it."),
      severity: optional("`critical`, `high`, `medium`, `low` or `info`."),
      allow: { type: "boolean", doc: "It never alerts, whatever lists say." },
    },
    answer: ref("Indicator"),
    handle: (body) => {
      const members = Object.fromEntries(
        ["type", "source", "expires", "note", "severity"].flatMap((name) => textOf(body.text(name), name)),
      );
      return rulesOf(context).addIndicator({ value: body.text("value") ?? "", ...members, allow: body.flag("allow") === true });
    },
  });
  addChange(app, {
    method: "DELETE",
    path,
    summary: "Takes a value off the own list.",
    operationId: "indicators_remove",
    body: { value: valueMember },
    answer: ref("Done"),
    handle: (body) => done(rulesOf(context).removeIndicator(body.text("value") ?? "")),
  });
  addListRoutes(app, context);
}

function addListRoutes(app: FastifyInstance, context: ApiContext): void {
  addChange(app, {
    method: "PUT",
    path: `${path}/lists/:name`,
    summary: "Writes a whole list: one value a line, CSV with a header, or a hosts file.",
    operationId: "indicators_put_list",
    pathParameters: nameParameter,
    body: "text",
    bodyBytesMax: listBytesMax,
    answer: { type: "object", additionalProperties: true },
    handle: (body, request) => rulesOf(context).putIndicatorList(nameOf(request), body.plain),
  });
  addChange(app, {
    method: "PATCH",
    path: `${path}/lists/:name`,
    summary: "Switches a list on or off.",
    operationId: "indicators_switch_list",
    pathParameters: nameParameter,
    body: { on: { type: "boolean", doc: "Whether it counts.", required: true } },
    answer: ref("Done"),
    handle: (body, request) => done(rulesOf(context).switchList("indicators", nameOf(request), body.flag("on") === true)),
  });
  addChange(app, {
    method: "DELETE",
    path: `${path}/lists/:name`,
    summary: "Removes a list.",
    operationId: "indicators_remove_list",
    pathParameters: nameParameter,
    answer: ref("Done"),
    handle: (_body, request) => done(rulesOf(context).removeIndicatorList(nameOf(request))),
  });
}

const textOf = (value: string | undefined, name: string): [string, string][] => (value === undefined ? [] : [[name, value]]);
const nameOf = (request: FastifyRequest): string => (request.params as { readonly name: string }).name;

const done = async (change: Promise<void>): Promise<{ readonly done: true }> => {
  await change;
  return { done: true };
};
