import { boolean, defineKind, integer, type Kind, list, number, object, optional, text } from "#schema/field.ts";

const direction = text("`to_server` or `to_client`: which way of the flow it goes.");
const ssrc = text("Number of the source, eight hexadecimal digits.");

/** RFC 3550; counts and jitter as its appendix A reckons them. */
export const rtpKind: Kind = defineKind({
  name: "rtp",
  summary: "A media stream: one source in one direction of a flow, told at its end.",
  fields: {
    rtp: object("The stream.", {
      direction,
      ssrc,
      payload_type: integer("Payload type of the first packet."),
      codec: optional(text("What it is: `PCMU/8000`, from the table of RFC 3551 or from the session's description.")),
      payload_types: optional(list("All payload types, when there is more than one; at most 8.", integer("Payload type."))),
      media: optional(text("`audio`, `video`, from the session's description.")),
      call_id: optional(text("Call of SIP that announced it.")),
      packets: integer("Packets.", { unit: "packets" }),
      payload_bytes: integer("Payload without headers.", { unit: "bytes" }),
      lost: integer("Packets that the sequence numbers miss.", { unit: "packets" }),
      duplicates: optional(integer("Packets that came twice.", { unit: "packets" })),
      out_of_order: optional(integer("Packets behind a later one.", { unit: "packets" })),
      jitter: optional(number("Jitter between arrivals at the end, when the clock rate is known.", { unit: "ms" })),
      max_jitter: optional(number("Largest jitter.", { unit: "ms" })),
      duration: number("From the first packet to the last.", { unit: "s" }),
      encrypted: optional(boolean("SRTP: the description, DTLS or ZRTP says so.")),
      key_agreement: optional(text("`zrtp` or `dtls`, when it was seen in the flow.")),
    }),
  },
  columns: [
    { name: "ssrc", path: "rtp.ssrc", type: "text", doc: "Number of the source.", index: true },
    { name: "codec", path: "rtp.codec", type: "text", doc: "Codec.", index: true },
    { name: "call_id", path: "rtp.call_id", type: "text", doc: "Call that announced it." },
    { name: "packets", path: "rtp.packets", type: "integer", doc: "Packets." },
    { name: "lost", path: "rtp.lost", type: "integer", doc: "Packets lost." },
    { name: "jitter", path: "rtp.jitter", type: "real", doc: "Jitter, ms." },
    { name: "duration", path: "rtp.duration", type: "real", doc: "Duration, s." },
  ],
});

/** RFC 3550 §6, feedback of RFC 4585, extended reports of RFC 3611. */
export const rtcpKind: Kind = defineKind({
  name: "rtcp",
  summary: "Control messages of media streams: a datagram of reports.",
  fields: {
    rtcp: object("The reports.", {
      direction,
      ssrc,
      packets: list("Packets of the datagram, at most 16: `SR`, `RR`, `SDES`, `BYE`, `APP`, `RTPFB`, `PSFB`, `XR`.", text("Type.")),
      encrypted: optional(boolean("SRTCP: only the first header is read.")),
      cname: optional(text("Name of the source.")),
      tool: optional(text("Software of the source.")),
      sender: optional(
        object("What the sender says of itself.", {
          packets: integer("Packets sent.", { unit: "packets" }),
          bytes: integer("Payload sent.", { unit: "bytes" }),
          rtp_timestamp: integer("Clock of the media."),
        }),
      ),
      reports: optional(
        list(
          "What it says of others, at most 8.",
          object("A report.", {
            ssrc,
            fraction_lost: number("Share lost since the report before, 0 to 1."),
            lost: integer("Packets lost in all.", { unit: "packets" }),
            highest_sequence: integer("Highest sequence number, with its turns."),
            jitter: integer("Jitter in units of the media's clock."),
            delay: optional(number("Since the last report of that source.", { unit: "ms" })),
          }),
        ),
      ),
      bye: optional(boolean("The source leaves.")),
      reason: optional(text("Why.")),
    }),
  },
  columns: [
    { name: "ssrc", path: "rtcp.ssrc", type: "text", doc: "Number of the source.", index: true },
    { name: "cname", path: "rtcp.cname", type: "text", doc: "Name of the source.", index: true },
    { name: "tool", path: "rtcp.tool", type: "text", doc: "Software of the source." },
  ],
});
