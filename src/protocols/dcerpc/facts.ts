import { defineKind, type Fields, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const fragments: Fields = {
  frag_cnt: integer("Fragments.", { unit: "fragments" }),
  stub_data_size: integer("Parameters as Suricata counts them: with object and security trailer; over TCP, 8 more in an answer.", {
    unit: "bytes",
  }),
};

/** Members that SMB's pipes share. */
export const callMembers: Fields = {
  request: text("`BIND`, `ALTER_CONTEXT`, `REQUEST`; `REQUEST_LOST` when the capture lacks it."),
  interfaces: optional(
    list(
      "Interfaces that are asked for; the one that is called.",
      object("An interface.", {
        uuid: text("Identifier."),
        version: text("Version, `3.0`."),
        ack_result: optional(integer("Answer to the bind: 0 accepted, 1 by user, 2 by provider, 3 negotiated.")),
        ack_reason: optional(integer("Why it was not accepted.")),
        service: optional(text("Name of a well-known interface: `svcctl`.")),
        procedure: optional(text("Name of the operation: `CreateServiceW`.")),
      }),
    ),
  ),
  response: text("`BINDACK`, `BINDNAK`, `RESPONSE`, `FAULT`; `UNREPLIED` when none was seen."),
  res: optional(object("The answer.", fragments)),
  fault_status: optional(text("Why the call failed, hexadecimal: `0x00000005` is access denied.")),
};

export const requestMembers: Fields = fragments;

export const dcerpcKind: Kind = defineKind({
  name: "dcerpc",
  message: ["interfaces.0.procedure", "req.opnum", "request"],
  summary: "A remote procedure call of Windows and its answer.",
  fields: {
    dcerpc: object("The call.", {
      ...callMembers,
      req: optional(object("The request.", { opnum: integer("Number of the operation."), ...fragments })),
      call_id: optional(integer("Number that request and answer share (TCP).")),
      activityuuid: optional(text("Activity that the call belongs to (UDP).")),
      seqnum: optional(integer("Number of the call in its activity (UDP).")),
      rpc_version: text("`5.0`; `4.0` over UDP."),
    }),
  },
  columns: [
    { name: "request", path: "dcerpc.request", type: "text", doc: "Type of the request." },
    { name: "response", path: "dcerpc.response", type: "text", doc: "Type of the answer." },
    { name: "opnum", path: "dcerpc.req.opnum", type: "integer", doc: "Number of the operation.", index: true },
    { name: "uuid", path: "dcerpc.interfaces.uuid", type: "text", doc: "First interface.", index: true },
    { name: "service", path: "dcerpc.interfaces.service", type: "text", doc: "Name of the first interface.", index: true },
    { name: "procedure", path: "dcerpc.interfaces.procedure", type: "text", doc: "Name of the operation." },
  ],
});
