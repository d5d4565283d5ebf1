import { bytes, count } from "#base/units.ts";
import { type FlowRow, memberOf } from "#client/flow-row.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { flowKind } from "#schema/kinds.ts";
import { Copy } from "#web/parts/copy.tsx";
import { Facts } from "#web/parts/facts.tsx";

/** State, end, TCP's own counters, identity. */
export function FlowFacts({ row, event }: { readonly row: FlowRow; readonly event: OddwireEvent | undefined }) {
  const flow = event === undefined ? {} : memberOf(event, "flow");
  const tcp = event === undefined ? {} : memberOf(event, "tcp");
  const ether = event === undefined ? {} : memberOf(event, "ether");
  const application = event === undefined ? {} : memberOf(event, "application");
  const tunnel = event === undefined ? {} : memberOf(event, "tunnel");
  const community = text(event?.["community_id"]);
  return (
    <section aria-label="Facts">
      <Facts
        rows={[
          ["state", row.state],
          ["ended by", row.reason, meaning("flow", "reason")],
          ["transport", row.proto],
          ["protocol", row.app ?? "not known"],
          [
            "application",
            row.application === undefined
              ? undefined
              : `${row.application}, by ${text(application["evidence"])} ${text(application["match"])}`,
          ],
          ["TCP state", text(tcp["state"]), meaning("tcp", "state")],
          ["retransmissions", number(tcp["retransmissions"], count), meaning("tcp", "retransmissions")],
          ["out of order", number(tcp["out_of_order"], count), meaning("tcp", "out_of_order")],
          ["zero windows", number(tcp["zero_windows"], count), meaning("tcp", "zero_windows")],
          ["stream gaps", number(tcp["gap_bytes"], bytes), meaning("tcp", "gap_bytes")],
          ["fragments", number(flow["fragments"], count), meaning("flow", "fragments")],
          ["not looked at", number(flow["undecoded"], bytes), meaning("flow", "undecoded")],
          ["alerted", flow["alerted"] === true ? "yes" : undefined, meaning("flow", "alerted")],
          ["VLAN", Array.isArray(event?.["vlan"]) ? (event["vlan"] as unknown[]).join(", ") : undefined],
          ["tunnel", tunnel["kind"] === undefined ? undefined : `${text(tunnel["kind"])} ${String(tunnel["id"])}`],
          ["client MAC", text(ether["src_mac"])],
          ["server MAC", text(ether["dest_mac"])],
          ["interface", text(event?.["in_iface"])],
          ["flow id", <WithCopy key="id" text={String(row.id)} label="flow id" />],
          ["community ID", community === "" ? undefined : <WithCopy key="community" text={community} label="community ID" />],
        ]}
      />
    </section>
  );
}

function WithCopy({ text: value, label }: { readonly text: string; readonly label: string }) {
  return (
    <>
      <span className="mono">{value}</span> <Copy text={value} label={label} />
    </>
  );
}

const meaning = (group: string, name: string): string | undefined => flowKind.fields[group]?.fields?.[name]?.doc;
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const number = (value: unknown, show: (value: number) => string): string | undefined =>
  typeof value === "number" ? show(value) : undefined;
