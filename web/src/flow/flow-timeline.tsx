import { duration, microsOf } from "#base/time-words.ts";
import { many } from "#base/units.ts";
import { memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { FlowAnswer, KindFacts } from "#schema/api.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { Column } from "#schema/field.ts";
import { valueAt, valueText } from "#web/events/event-columns.tsx";
import { Json } from "#web/events/json.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { identity } from "#web/state/live-state.ts";
import { useKinds } from "#web/state/use-kinds.ts";

const VALUES_MAX = 5;

interface Props {
  readonly answer: FlowAnswer;
  /** Microseconds; times are told from here. */
  readonly start: number | undefined;
}

/** Everything that was told about the flow, by time; each event opens to its full fields. */
export function FlowTimeline({ answer, start }: Props) {
  const kinds = useKinds();
  return (
    <section aria-label="Timeline">
      <h2 className="section-title">
        Timeline <span className="dim">{many(answer.events.length, "event")}</span>
      </h2>
      {answer.events.length === 0 && (
        <Notice title="Nothing was told about this flow yet.">
          Events appear as parsers understand its messages; the flow's own record comes with its end.
        </Notice>
      )}
      <ol className="timeline">
        {answer.events.map((event) => (
          <li key={identity(event)}>
            <details>
              <summary>
                <span className="dim num">{sinceStart(event, start)}</span>
                <span className="timeline-kind" data-odd={event.event_type === "anomaly" || event.event_type === "finding"}>
                  {event.event_type}
                </span>
                <span className="cut">{lineOf(event, kinds.data)}</span>
              </summary>
              <div className="timeline-body">
                <When time={event.timestamp} date />
                <Json value={bodyOf(event)} />
              </div>
            </details>
          </li>
        ))}
      </ol>
      {answer.truncated && (
        <Notice title="There are more events than are shown here.">
          The Events view finds all of them with flow_id = {answer.flow_id}.
        </Notice>
      )}
    </section>
  );
}

function sinceStart(event: OddwireEvent, start: number | undefined): string {
  const time = microsOf(event.timestamp);
  if (time === undefined || start === undefined) return "";
  return `+${duration(Math.max(0, time - start) / 1e6)}`;
}

/** The event in one line: its reason when it is odd, otherwise the first columns of its kind that have a value. */
function lineOf(event: OddwireEvent, kinds: readonly KindFacts[] | undefined): string {
  if (event.event_type === "anomaly" || event.event_type === "finding") {
    const { title, why } = reasonOf(event);
    return why === "" ? title : `${title}: ${why}`;
  }
  if (event.event_type === "flow") return `ended: ${String(memberOf(event, "flow")["reason"])}`;
  const columns = kinds?.find((kind) => kind.name === event.event_type)?.columns ?? [];
  const own = columns.filter((column) => column.path.startsWith(`${event.event_type}.`) && column.format !== "time");
  const values = own.map((column) => namedValue(column, event)).filter((value) => value !== "");
  return values.slice(0, VALUES_MAX).join(" · ");
}

/** Texts speak for themselves; numbers need their name. */
function namedValue(column: Column, event: OddwireEvent): string {
  const value = valueText(column, valueAt(event, column.path));
  return value === "" || column.type === "text" ? value : `${column.name} ${value}`;
}

/** What the event says beside what the flow's head says already. */
function bodyOf(event: OddwireEvent): unknown {
  return Object.fromEntries(Object.entries(event).filter(([name]) => !TOLD.has(name)));
}

const TOLD: ReadonlySet<string> = new Set(["flow_id", "src_ip", "src_port", "dest_ip", "dest_port", "proto", "community_id", "timestamp"]);
