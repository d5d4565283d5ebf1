import { lazy, Suspense, useState } from "react";
import { duration } from "#base/time-words.ts";
import { count, plain } from "#base/units.ts";
import { evidenceOf } from "#client/evidence.ts";
import { endText, memberOf } from "#client/flow-row.ts";
import type { OddwireEvent } from "#schema/event.ts";
import type { PlayerAnswer, PlayerSession } from "#schema/player.ts";
import { OddRow } from "#web/events/odd-row.tsx";
import { Copy } from "#web/parts/copy.tsx";
import { Facts } from "#web/parts/facts.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { When } from "#web/parts/when.tsx";
import { flowRoute, hrefOf, playerRoute, type Route } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { useFresh } from "#web/state/use-fresh.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { EvidencePanels } from "./evidence-panel.tsx";
import { MarksPanel } from "./marks-panel.tsx";
import { healthText, placeText } from "./player-columns.tsx";
import { ScorePlot } from "./score-plot.tsx";
import { StatisticsPanel } from "./statistics-panel.tsx";
import { Verdict } from "./verdict.tsx";

const EventDrawer = lazy(() => import("#web/events/event-drawer.tsx"));

type Members = { readonly [name: string]: unknown };

/** One player in full: how it stands, whether a program plays and why, what people say of it. */
export default function PlayerPage({ id, list }: { readonly id: string; readonly list: Route }) {
  const { api } = useServices();
  const answer = useLoaded(id, (signal) => api.players.one(id, signal));
  useFresh("player", answer.reload);
  const isUnknown = answer.error !== undefined && "status" in answer.error && answer.error.status === 404;
  return (
    <div className="player">
      <div className="player-head">
        <Link to={list} className="player-back">
          <Icon name="back" size={15} /> Players
        </Link>
        <h1>{answer.data?.player.name ?? id}</h1>
        <span className="mono dim">{id}</span>
        <Copy text={location.origin + hrefOf(playerRoute(id))} label="link to this player" />
        {answer.data !== undefined && <Verdict verdict={answer.data.player.verdict} score={answer.data.player.score} />}
      </div>
      {isUnknown && <Notice title="This player is not known.">Its events may have left the store by age or size.</Notice>}
      {answer.error !== undefined && !isUnknown && (
        <Failure what="The player could not be asked for." error={answer.error} retry={answer.reload} />
      )}
      {answer.data === undefined && answer.error === undefined && <Notice title="Loading …" />}
      {answer.data !== undefined && <PlayerBody answer={answer.data} reload={answer.reload} />}
    </div>
  );
}

function PlayerBody({ answer, reload }: { readonly answer: PlayerAnswer; readonly reload: () => void }) {
  const player = memberOf(answer.event, "player");
  const bot = (player["bot"] ?? {}) as Members;
  return (
    <div className="player-panels">
      <StatePanel answer={answer} />
      <MarksPanel player={answer.player} reload={reload} />
      <section className="panel player-wide" aria-label="Score over time">
        <div className="panel-head">
          <h2>Score over time</h2>
          {typeof bot["sample"] === "number" && <span className="dim num">rests on {count(bot["sample"])} actions</span>}
        </div>
        <div className="panel-body">
          <ScorePlot history={answer.history} />
        </div>
      </section>
      {player["bot"] !== undefined && <EvidencePanels evidence={evidenceOf(bot)} />}
      <FindingsPanel findings={answer.findings} />
      <SessionsPanel sessions={answer.sessions} truncated={answer.truncated} />
      <StatisticsPanel statistics={(player["statistics"] ?? {}) as Members} />
    </div>
  );
}

function StatePanel({ answer: { player } }: { readonly answer: PlayerAnswer }) {
  return (
    <section className="panel" aria-label="State">
      <div className="panel-head">
        <h2>State</h2>
        <span className="dim">{player.state}</span>
      </div>
      <div className="panel-body">
        <Facts
          rows={[
            ["game", player.game],
            ["level", player.level],
            ["health", healthText(player)],
            ["place", placeText(player)],
            ["plays for", duration(player.age)],
            ["last seen", <When key="seen" time={player.seen} date />],
            ["address", player.address === undefined ? undefined : endText(player.address, player.port)],
            [
              "flow",
              player.flow_id === undefined ? undefined : (
                <Link key="flow" to={flowRoute(player.flow_id)}>
                  {player.flow_id}
                </Link>
              ),
            ],
            ["round trip", player.rtt_ms === undefined ? undefined : `${plain(player.rtt_ms)} ms`],
            ["packets", `${count(player.packets_in)} to server, ${count(player.packets_out)} to client`],
          ]}
        />
      </div>
    </section>
  );
}

function FindingsPanel({ findings }: { readonly findings: readonly OddwireEvent[] }) {
  const [opened, setOpened] = useState<OddwireEvent | undefined>(undefined);
  return (
    <section className="panel" aria-label="Findings">
      <div className="panel-head">
        <h2>Findings</h2>
      </div>
      {findings.length === 0 && <Notice title="Nothing was found of this player." />}
      <ol className="odd-rows player-findings">
        {findings.map((event) => (
          <OddRow key={`${event.timestamp} ${JSON.stringify(event["finding"])}`} event={event} count={1} onOpen={setOpened} />
        ))}
      </ol>
      {opened !== undefined && (
        <Suspense>
          <EventDrawer event={opened} onClose={() => setOpened(undefined)} />
        </Suspense>
      )}
    </section>
  );
}

function SessionsPanel({ sessions, truncated }: { readonly sessions: readonly PlayerSession[]; readonly truncated: boolean }) {
  return (
    <section className="panel" aria-label="Sessions">
      <div className="panel-head">
        <h2>Sessions</h2>
        {truncated && <span className="dim">the newest; older ones stand among the events</span>}
      </div>
      <div className="panel-body player-sessions">
        <table className="facts-table">
          <thead>
            <tr>
              <th scope="col">began</th>
              <th scope="col">lasted</th>
              <th scope="col">packets</th>
              <th scope="col">from</th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session, index) => (
              <tr key={`${session.since} ${session.session}`}>
                <th scope="row">
                  <When time={session.since} date />
                </th>
                <td>
                  {duration(session.age)}
                  {index === 0 && session.state === "online" && ", goes on"}
                </td>
                <td>{count(session.packets_in + session.packets_out)}</td>
                <td className="mono">
                  {session.flow_id === undefined ? session.address : <Link to={flowRoute(session.flow_id)}>{session.address}</Link>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
