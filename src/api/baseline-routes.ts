import type { FastifyInstance } from "fastify";
import { type BaselineControl, nobodyLearns } from "#contract/baseline-control.ts";
import { OddwireError } from "#contract/errors.ts";
import { ref } from "./answer-schemas.ts";
import { addChange } from "./change-route.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

const scopes = ["service", "host", "network", "port", "protocol", "interface"];

/** Throws ODW_ENGINE_ABSENT where nobody learns. */
function baselinesOf(context: ApiContext): BaselineControl {
  if (context.baselines === undefined) throw new OddwireError("ODW_ENGINE_ABSENT");
  return context.baselines;
}

/** What is usual here, as the engine has learnt it, and how to let it forget. */
export function addBaselineRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/baselines",
    summary:
      "What is usual of hosts, services, networks, ports, protocols and the capture at this hour, beside the last interval; the busiest first.",
    tag: "baselines",
    operationId: "baselines",
    parameters: [
      { name: "scope", type: "text", doc: "One sort of things.", choices: scopes },
      { name: "name", type: "text", doc: "An address (its services come along), a port `tcp/443`, a protocol, a network." },
      { name: "limit", type: "integer", doc: "Most of them.", min: 1, max: 5000, default: 100 },
    ],
    answer: ref("Baselines"),
    handle: (values) =>
      context.baselines === undefined
        ? nobodyLearns
        : context.baselines.baselines({ scope: values.text("scope"), name: values.text("name"), limit: values.number("limit") ?? 100 }),
  });
  addChange(app, {
    method: "POST",
    path: "/api/v1/baselines/reset",
    summary: "Forgets what was learnt of one host with its services, of one other thing, or of all: it is learnt anew.",
    tag: "baselines",
    operationId: "baselines_reset",
    body: { name: { type: "text", doc: "Of what; all that was learnt when absent." } },
    answer: ref("BaselineReset"),
    handle: (body) => baselinesOf(context).forget(body.text("name")),
  });
}
