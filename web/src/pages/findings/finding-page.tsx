import { count } from "#base/units.ts";
import { memberOf } from "#client/flow-row.ts";
import { reasonOf } from "#client/reason.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { FindingAnswer } from "#schema/finding-mark.ts";
import { Why } from "#web/events/why.tsx";
import { Copy } from "#web/parts/copy.tsx";
import { Facts } from "#web/parts/facts.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { findingRoute, findingsRoute, flowRoute, hrefOf, type Route } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useFresh } from "#web/state/use-fresh.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { Severity, StateMark, Technique } from "./finding-words.tsx";
import { StatePanel } from "./state-panel.tsx";

/** How often it is asked again for what others have marked. */
const everyMs = 15_000;

/** One finding in full: what it says and why, when it was told, what people say of it, how to keep it back. */
export default function FindingPage({ id, list }: { readonly id: string; readonly list: Route }) {
  const { api } = useServices();
  const answer = useLoaded(id, (signal) => api.findings.one(id, signal), everyMs);
  useFresh("finding", answer.reload);
  const isUnknown = answer.error !== undefined && "status" in answer.error && answer.error.status === 404;
  const { data } = answer;
  return (
    <div className="finding">
      <div className="finding-head">
        <Link to={list} className="finding-back">
          <Icon name="back" size={15} /> Findings
        </Link>
        {data !== undefined && <Severity of={data.finding.severity} />}
        <h1>{data?.finding.title ?? id}</h1>
        {data !== undefined && <StateMark of={data.finding.state} />}
        <Copy text={location.origin + hrefOf(findingRoute(id))} label="link to this finding" />
      </div>
      {isUnknown && <Notice title="This finding is not known.">Its events may have left the store by age or size.</Notice>}
      {answer.error !== undefined && !isUnknown && (
        <Failure what="The finding could not be asked for." error={answer.error} retry={answer.reload} />
      )}
      {data === undefined && answer.error === undefined && <Notice title="Loading …" />}
      {data !== undefined && (
        <div className="finding-panels">
          <WhatPanel answer={data} />
          <StatePanel answer={data} reload={answer.reload} />
          <TellingsPanel tellings={data.tellings} />
          <AroundPanel answer={data} />
        </div>
      )}
    </div>
  );
}

function WhatPanel({ answer: { finding, tellings, advice } }: { readonly answer: FindingAnswer }) {
  const [event] = tellings;
  return (
    <section className="panel" aria-label="What was found">
      <div className="panel-head">
        <h2>What was found</h2>
        <span className="dim">{finding.category}</span>
      </div>
      <div className="panel-body">
        {event !== undefined && <p className="finding-said">{reasonOf(event).why}</p>}
        {advice !== undefined && (
          <>
            <p className="finding-said">
              <strong>What it means:</strong> {advice.meaning}
            </p>
            <p className="finding-said">
              <strong>What to do:</strong> {advice.next}
            </p>
          </>
        )}
        <Facts
          rows={[
            ["host", hostLink(finding.source)],
            ["target", hostLink(finding.target)],
            ["signs", count(finding.signs), "How often its cause was seen until it was last told"],
            ["score", finding.score.toFixed(2), "How far it stands out, 0 to 1"],
            ["confidence", finding.confidence.toFixed(2), "How sure the detector is, 0 to 1"],
            ["first sign", <When key="first" time={finding.first} date />],
            ["last told", <When key="last" time={finding.last} date />],
            [
              "flow",
              finding.flow_id === undefined ? undefined : (
                <Link key="flow" to={flowRoute(finding.flow_id)}>
                  {finding.flow_id}
                </Link>
              ),
            ],
            [
              "techniques",
              finding.techniques.length === 0 ? undefined : (
                <span key="techniques" className="finding-techniques">
                  {finding.techniques.map((id) => (
                    <Technique key={id} id={id} />
                  ))}
                </span>
              ),
            ],
          ]}
        />
        {event !== undefined && <Why event={event} />}
      </div>
    </section>
  );
}

const hostLink = (host: string | undefined) =>
  host === undefined ? undefined : (
    <Link className="mono" to={findingsRoute(host, "")} title="Everything that was found of it">
      {host}
    </Link>
  );

function TellingsPanel({ tellings }: { readonly tellings: readonly OddwireEvent[] }) {
  return (
    <section className="panel" aria-label="When it was told">
      <div className="panel-head">
        <h2>When it was told</h2>
        <span className="dim">once, then at ten times the signs or more severe</span>
      </div>
      <div className="panel-body finding-scroll">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">at</th>
              <th scope="col">signs</th>
              <th scope="col">severity</th>
              <th scope="col">said</th>
            </tr>
          </thead>
          <tbody>
            {tellings.map((event) => {
              const finding = memberOf(event, "finding");
              return (
                <tr key={`${event.timestamp} ${String(finding["signs"])}`}>
                  <th scope="row">
                    <When time={event.timestamp} date />
                  </th>
                  <td>{count(Number(finding["signs"] ?? 1))}</td>
                  <td>
                    <Severity of={String(finding["severity"])} />
                  </td>
                  <td>{String(finding["title"])}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </section>
  );
}

/** What else is known of the same flow and hosts. */
function AroundPanel({ answer: { flows, alerts } }: { readonly answer: FindingAnswer }) {
  return (
    <section className="panel" aria-label="Around it">
      <div className="panel-head">
        <h2>Around it</h2>
      </div>
      <div className="panel-body finding-scroll">
        {flows.length + alerts.length === 0 && <p className="dim">No flow of it has ended, and no rule met its hosts.</p>}
        <ul className="finding-around">
          {[...flows, ...alerts].map((event, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: one rule may match many times in a packet, and the order never changes
            <li key={index}>
              <When time={event.timestamp} date /> {event.event_type}{" "}
              {event.flow_id === undefined ? aroundText(event) : <Link to={flowRoute(event.flow_id)}>{aroundText(event)}</Link>}
            </li>
          ))}
        </ul>
      </div>
    </section>
  );
}

function aroundText(event: OddwireEvent): string {
  const signature = memberOf(event, "alert")["signature"];
  const protocol = [event["app_proto"], event.proto].find((name) => typeof name === "string") ?? "";
  return typeof signature === "string" ? signature : `${event.src_ip ?? ""} → ${event.dest_ip ?? ""} ${protocol}`;
}
