import { boolean, defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const attributes = optional(list("Attributes (`a=`), at most 24.", text("Attribute: `rtpmap:0 PCMU/8000`.")));

const sdp = object("Session description (RFC 8866); keys are not told.", {
  version: optional(integer("Version of the format, 0.")),
  origin: optional(text("Who made it: `alice 1 1 IN IP4 192.0.2.1`.")),
  session_name: optional(text("Name of the session.")),
  session_info: optional(text("What it is about.")),
  uri: optional(text("Where there is more.")),
  email: optional(text("Address of who is responsible.")),
  phone_number: optional(text("Number of who is responsible.")),
  connection_data: optional(text("Where media go: `IN IP4 192.0.2.1`.")),
  bandwidths: optional(list("Bandwidths, at most 8.", text("`AS:64`."))),
  time: optional(text("When it begins and ends.")),
  repeat_time: optional(text("When it comes again.")),
  timezone: optional(text("Changes of the clock.")),
  attributes,
  media_descriptions: optional(
    list(
      "Media, at most 8.",
      object("A medium.", {
        media: text("`audio 30000 RTP/AVP 0 8`: kind, port, transport, payload types."),
        session_info: optional(text("Title.")),
        connection_data: optional(text("Where it goes, when elsewhere.")),
        bandwidths: optional(list("Bandwidths, at most 8.", text("`AS:64`."))),
        attributes,
      }),
    ),
  ),
  truncated: optional(boolean("True when it holds more than what is told.")),
});

/** The `sip` event: names as in Suricata's EVE, headers behind them. */
export const sipKind: Kind = defineKind({
  name: "sip",
  message: ["method", "code"],
  bySender: true,
  summary: "A request or a response of telephony signalling.",
  host: "uri",
  fields: {
    sip: object("The message.", {
      method: optional(text("Method of a request: `INVITE`.")),
      uri: optional(text("Whom a request is for.")),
      version: text("`SIP/2.0`."),
      request_line: optional(text("First line of a request.")),
      code: optional(text("Status of a response: `200`.")),
      reason: optional(text("Status in words.")),
      response_line: optional(text("First line of a response.")),
      call_id: optional(text("Number of the call.")),
      cseq: optional(text("Number and method of the request that it belongs to.")),
      from: optional(text("Who calls.")),
      to: optional(text("Who is called.")),
      contact: optional(text("Where the sender is reached.")),
      via: optional(list("Path of the request, the last hop first, at most 8.", text("`SIP/2.0/UDP 192.0.2.1;branch=…`."))),
      user_agent: optional(text("Software of the client.")),
      server: optional(text("Software of the server.")),
      user: optional(text("User that proves itself; the proof is not told.")),
      content_type: optional(text("Type of the body.")),
      content_length: optional(integer("Length of the body as it is told.", { unit: "bytes" })),
      sdp: optional(sdp),
    }),
  },
  columns: [
    { name: "method", path: "sip.method", type: "text", doc: "Method of a request.", index: true },
    { name: "uri", path: "sip.uri", type: "text", doc: "Whom a request is for." },
    { name: "code", path: "sip.code", type: "text", doc: "Status of a response.", index: true },
    { name: "call_id", path: "sip.call_id", type: "text", doc: "Number of the call.", index: true },
    { name: "caller", path: "sip.from", type: "text", doc: "Who calls." },
    { name: "callee", path: "sip.to", type: "text", doc: "Who is called." },
    { name: "user_agent", path: "sip.user_agent", type: "text", doc: "Software of the client." },
  ],
});
