import { Readable } from "node:stream";
import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { ApiContext } from "./context.ts";
import { flowAnswer, flowParameter } from "./flow-routes.ts";
import { packetsOf } from "./packets-question.ts";
import { addRoute } from "./route.ts";

const PCAP = "application/vnd.tcpdump.pcap";

/** The packets of one flow, where packets are kept. */
export function addPacketRoutes(app: FastifyInstance, context: ApiContext): void {
  addRoute(app, {
    path: "/api/v1/flows/:flow_id/packets",
    summary: "The packets of a flow as a pcap file, out of a recording or of the capture that was given.",
    tag: "flows",
    operationId: "flow_packets",
    pathParameters: flowParameter,
    answer: { type: "string", format: "binary" },
    mediaTypes: [PCAP],
    handle: async (_values, request, reply) => {
      const text = (request.params as { readonly flow_id: string }).flow_id;
      const question = packetsOf(await flowAnswer(context, text));
      const packets = question && context.packets?.read(question);
      if (packets === undefined) throw new OddwireError("ODW_PACKETS_ABSENT", { flow: text });
      return reply
        .type(PCAP)
        .header("content-disposition", `attachment; filename="flow-${text}.pcap"`)
        .send(Readable.from(packets, { objectMode: false }));
    },
  });
}
