import type { FastifyInstance } from "fastify";
import { type BesideAnswer, suricataOff } from "#schema/suricata.ts";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

/** How a Suricata, and the reading of Zeek's logs, beside the engine are. Their alerts are `/api/v1/alerts`. */
export function addSuricataRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/suricata",
    summary: "How the Suricata beside the engine is, its counters, and what was read of it; the same for Zeek's logs.",
    tag: "engine",
    operationId: "suricata",
    answer: ref("Suricata"),
    handle: (): BesideAnswer => context.beside?.() ?? { suricata: suricataOff },
  });
}
