import { endText } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import { When } from "#web/parts/when.tsx";
import "./events.css";

interface Props {
  readonly event: OddwireEvent;
  /** How many of the newest say the same. */
  readonly count: number;
  readonly onOpen: (event: OddwireEvent) => void;
}

/** An anomaly, alert or finding in a list: how grave, what, between whom, why. */
export function OddRow({ event, count, onOpen }: Props) {
  const reason = reasonOf(event);
  return (
    <li>
      <button type="button" className="odd-row" onClick={() => onOpen(event)}>
        <span className="odd-line">
          <span className="severity" data-severity={reason.severity}>
            {event.event_type === "finding" ? reason.severity : event.event_type}
          </span>
          <strong className="odd-title" title={reason.title}>
            {reason.title}
          </strong>
          {count > 1 && (
            <span className="dim num" title={`The newest of ${count} that say the same`}>
              × {count}
            </span>
          )}
          <span className="dim odd-time">
            <When time={event.timestamp} />
          </span>
        </span>
        {reason.why !== "" && (
          <span className="odd-why cut" title={reason.why}>
            {reason.why}
          </span>
        )}
        {event.src_ip !== undefined && (
          <span className="mono dim cut">
            {endText(event.src_ip, event.src_port)}
            {event.dest_ip !== undefined && ` → ${endText(event.dest_ip, event.dest_port)}`}
          </span>
        )}
      </button>
    </li>
  );
}
