import type { FastifyInstance } from "fastify";
import { ref } from "./answer-schemas.ts";
import type { ApiContext } from "./context.ts";
import { addRoute } from "./route.ts";

/** Receivers of findings and alerts, and how their messages fare. */
export function addDeliveryRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/deliveries",
    summary: "Webhooks and syslog receivers: messages sent, waiting and given up. Addresses stay untold, only hosts are named.",
    tag: "deliveries",
    operationId: "deliveries",
    answer: ref("Deliveries"),
    handle: () => ({ deliveries: context.deliveries?.() ?? [] }),
  });
}
