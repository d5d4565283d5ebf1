import { type FlowRow, protocolOf, rowOfEvent, rowOfLive } from "#client/flow-row.ts";
import type { FlowAnswer } from "#schema/api.ts";
import { FlowEnds } from "#web/flow/flow-ends.tsx";
import { FlowFacts } from "#web/flow/flow-facts.tsx";
import { FlowTimeline } from "#web/flow/flow-timeline.tsx";
import { FlowWays } from "#web/flow/flow-ways.tsx";
import { Copy } from "#web/parts/copy.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { ProtocolName } from "#web/parts/protocol-name.tsx";
import { Side } from "#web/parts/side.tsx";
import { flowRoute, hrefOf } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";

const ASK_EVERY_MS = 2000;

/** One flow in full. While it goes on it is asked for again every two seconds. */
export default function FlowDrawer({ id, onClose }: { readonly id: number; readonly onClose: () => void }) {
  const { api } = useServices();
  const answer = useLoaded(`flow ${id}`, (signal) => api.flow(id, signal));
  const live = answer.data !== undefined && answer.data.flow === undefined;
  useLoaded(live ? `again ${id}` : undefined, async () => answer.reload(), live ? ASK_EVERY_MS : undefined);
  const row = answer.data && rowOf(answer.data);
  return (
    <Side label="flow" title={row === undefined ? `Flow ${id}` : <FlowTitle row={row} />} onClose={onClose}>
      {answer.error !== undefined && <FlowFailure error={answer.error} retry={answer.reload} />}
      {answer.data === undefined && answer.error === undefined && <Notice title="Loading …" />}
      {answer.data !== undefined && <FlowBody answer={answer.data} row={row} />}
    </Side>
  );
}

function FlowBody({ answer, row }: { readonly answer: FlowAnswer; readonly row: FlowRow | undefined }) {
  return (
    <>
      {row !== undefined && <FlowEnds row={row} />}
      {row !== undefined && <Packets id={row.id} kept={answer.packets} />}
      {row !== undefined && answer.flow !== undefined && <FlowWays row={row} event={answer.flow} />}
      {row !== undefined && <FlowFacts row={row} event={answer.flow} />}
      <FlowTimeline answer={answer} start={row?.start} />
    </>
  );
}

/** The evidence itself, for Wireshark and others. */
function Packets({ id, kept }: { readonly id: number; readonly kept: boolean }) {
  const { api } = useServices();
  if (!kept)
    return (
      <p className="dim">
        Its packets are not kept: <code>oddwire live --record</code> keeps them, and a capture that is dropped here keeps its own.
      </p>
    );
  return (
    <div className="panel-row">
      <a className="button" href={api.packetsHref(id)} download={`flow-${id}.pcap`}>
        Download its packets (pcap)
      </a>
    </div>
  );
}

function FlowTitle({ row }: { readonly row: FlowRow }) {
  return (
    <span className="panel-row">
      <ProtocolName name={protocolOf(row)} />
      <strong>{row.host ?? row.server}</strong>
      <Copy text={location.origin + hrefOf(flowRoute(row.id))} label="link to this flow" />
      <span className="dim">{row.reason === undefined ? "going on" : `ended: ${row.reason}`}</span>
    </span>
  );
}

function FlowFailure({ error, retry }: { readonly error: Error; readonly retry: () => void }) {
  if ("status" in error && error.status === 404)
    return (
      <Notice title="This flow is not known.">
        It may have left the store by its age or size limit, or never have been seen by this sensor.
      </Notice>
    );
  return <Failure what="The flow could not be asked for." error={error} retry={retry} />;
}

/** Its record when it has ended, else what the engine knows of it now. */
function rowOf(answer: FlowAnswer): FlowRow | undefined {
  const { flow, live } = answer;
  if (flow === undefined) return live && rowOfLive(live);
  const host = live?.host ?? hostIn(answer);
  return { ...rowOfEvent(flow), host };
}

/** The name that the flow's own events give to its server. */
function hostIn({ events }: FlowAnswer): string | undefined {
  for (const event of events) {
    for (const [kind, member] of [
      ["tls", "sni"],
      ["http", "hostname"],
    ] as const) {
      const body = event[kind] as { readonly [name: string]: unknown } | undefined;
      if (typeof body?.[member] === "string") return body[member];
    }
  }
  return undefined;
}
