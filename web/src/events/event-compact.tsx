import { shortAddress } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { When } from "#web/parts/when.tsx";
import { valueAt, valueText } from "./event-columns.tsx";

/** An event on two lines, for narrow screens: its first own value and time, then between whom. */
export function EventCompact({ event, kind }: { readonly event: OddwireEvent; readonly kind: KindFacts }) {
  return (
    <>
      <span className="cut">{headOf(event, kind)}</span>
      <span className="dim">
        <When time={event.timestamp} />
      </span>
      <span className="cut dim mono">{shortAddress(event.src_ip ?? "")}</span>
      <span className="cut dim mono">{event.dest_ip !== undefined && `→ ${shortAddress(event.dest_ip)}`}</span>
    </>
  );
}

function headOf(event: OddwireEvent, kind: KindFacts): string {
  if (["anomaly", "alert", "finding"].includes(event.event_type)) return reasonOf(event).title;
  const texts = kind.columns.filter((column) => column.path.startsWith(`${kind.name}.`) && column.format !== "time");
  const values = texts.map((column) => valueText(column, valueAt(event, column.path))).filter((value) => value !== "");
  return values.slice(0, 3).join(" · ") || event.event_type;
}
