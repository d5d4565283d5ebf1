import { textOf } from "#base/members.ts";
import { microsOf, moment } from "#base/time-words.ts";
import { memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { Copy } from "#web/parts/copy.tsx";
import { Link } from "#web/parts/link.tsx";
import { Side } from "#web/parts/side.tsx";
import { findingRoute, flowRoute } from "#web/shell/route.ts";
import { Json } from "./json.tsx";
import { Why } from "./why.tsx";
import "./events.css";

/** One event with everything that it says. */
export default function EventDrawer({ event, onClose }: { readonly event: OddwireEvent; readonly onClose: () => void }) {
  const reason = reasonOf(event);
  const finding = event.event_type === "finding" ? textOf(memberOf(event, "finding")["id"]) || undefined : undefined;
  const title = (
    <span className="odd-line">
      <span className="severity" data-severity={reason.severity}>
        {event.event_type}
      </span>
      <strong>{reason.title === event.event_type ? moment(microsOf(event.timestamp)) : reason.title}</strong>
    </span>
  );
  return (
    <Side label={`${event.event_type} event`} title={title} onClose={onClose}>
      {event.event_type === "finding" && <Why event={event} />}
      {event.event_type !== "finding" && reason.why !== "" && <p>{reason.why}</p>}
      <div className="panel-row">
        {finding !== undefined && (
          <Link to={findingRoute(finding)} className="button">
            Open the finding
          </Link>
        )}
        {event.flow_id !== undefined && (
          <Link to={flowRoute(event.flow_id)} className="button">
            Open its flow
          </Link>
        )}
        <span className="dim">JSON as in eve.json</span> <Copy text={JSON.stringify(event)} label="the event as JSON" />
      </div>
      <Json value={event} />
    </Side>
  );
}
