import { boolean, type Field, integer, list, number, object, optional, text } from "#schema/field.ts";

const values = (doc: string): Field =>
  object(doc, {
    bytes: integer("Bytes on the wire.", { unit: "bytes" }),
    packets: integer("Packets.", { unit: "packets" }),
    connections: integer("Flows that ended.", { unit: "flows" }),
    peers: integer("Different addresses on the other side, within 13 %.", { unit: "hosts" }),
    failures: integer("Flows without an answer.", { unit: "flows" }),
  });

/** Answers about what is usual, for OpenAPI's components. */
export const baselineAnswers = {
  Baselines: object("What is usual.", {
    interval_min: number("Length of the intervals; 0 where nobody learns.", { unit: "min" }),
    since: optional(integer("When learning began.", { unit: "µs since 1970" })),
    ready: boolean("False while is only learnt."),
    held_back: integer("Findings that the limit of a day has held back."),
    count: integer("How many there are."),
    baselines: list(
      "The busiest first.",
      object("One thing.", {
        scope: text("`service`, `host`, `network`, `port`, `protocol` or `interface`."),
        name: text("Address, address and port, network, port, protocol, or `all`."),
        since: integer("First seen.", { unit: "µs since 1970" }),
        intervals: integer("Intervals that were looked at."),
        active: integer("Those with traffic."),
        seasonal: boolean("True when the running hour is known of two days; otherwise the busiest hour is told."),
        usual: optional(values("What an active interval of this hour should hold.")),
        last: values("What the last interval held."),
        packet_bytes: integer("Usual mean size of packets.", { unit: "bytes" }),
        gap_us: integer("Usual mean time between packets of a flow.", { unit: "µs" }),
        payload_bits: number("Usual entropy of the first bytes of its flows, 0 to 8; 0 when none were seen.", { unit: "bits" }),
        hours: optional(list("Share of intervals with traffic: hours of a weekday, then of the weekend (UTC).", number("0 to 1."))),
      }),
    ),
  }),
  BaselineReset: object("What was forgotten.", { forgotten: integer("Things of which everything was forgotten.") }),
} as const satisfies { readonly [name: string]: Field };
