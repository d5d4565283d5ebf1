import { lazy, Suspense, useState } from "react";
import { Choice } from "#web/parts/choice.tsx";
import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { isExpression } from "#web/query/expression.ts";
import { FindField } from "#web/query/find-field.tsx";
import { queryErrorOf } from "#web/query/query-error.ts";
import { type Marked, playerRoute, type Route } from "#web/shell/route.ts";
import { useGo } from "#web/state/context.ts";
import { useKinds } from "#web/state/use-kinds.ts";
import type { Order } from "#web/table/column.ts";
import { DataTable } from "#web/table/data-table.tsx";
import { GamesPanel } from "./games-panel.tsx";
import { PlayerCompact, playerColumns } from "./player-columns.tsx";
import { usePlayers } from "./use-players.ts";
import "#web/pages/flows/flows.css";
import "./players.css";

const PlayerPage = lazy(() => import("./player-page.tsx"));

const pageRows = 200;
/** Rows that a table holds at most. */
const rowsMax = 10_000;

const markedViews = [
  { value: "", label: "All" },
  { value: "watched", label: "Watched" },
  { value: "whitelisted", label: "Whitelisted" },
  { value: "noted", label: "Noted" },
] as const;

type PlayersRoute = Extract<Route, { page: "players" }>;

/** Players of games, or one of them in full. */
export default function Players({ route }: { readonly route: PlayersRoute }) {
  if (route.player === undefined) return <PlayerList route={route} />;
  return (
    <Suspense fallback={<Notice title="Loading …" />}>
      <PlayerPage key={route.player} id={route.player} list={{ ...route, player: undefined }} />
    </Suspense>
  );
}

function PlayerList({ route }: { readonly route: PlayersRoute }) {
  const go = useGo();
  const kinds = useKinds();
  const [order, setOrder] = useState<Order | undefined>(undefined);
  const [wanted, setWanted] = useState(pageRows);
  const { find, marked } = route;
  const expression = isExpression(find) ? find.trim() : "";
  const question = {
    find: expression === "" ? find.trim() : "",
    expression,
    marked,
    order: order && `${order.descending ? "-" : ""}${order.key}`,
  };
  const { data, error, reload, loading } = usePlayers(question, wanted);
  const queryError = queryErrorOf(error);
  const rows = data?.players ?? [];
  return (
    <div className="panel list-page">
      <h1 className="visually-hidden">Players</h1>
      <div className="list-head">
        <Choice
          label="Which players"
          options={markedViews}
          value={marked}
          onChange={(value: Marked) => go({ ...route, marked: value }, "replace")}
        />
        <FindField
          label="Search players"
          value={find}
          onChange={(text) => go({ ...route, find: text }, "replace")}
          columns={kinds.data?.find((kind) => kind.name === "player")?.columns ?? []}
          error={queryError}
        />
        <span className="dim num list-count">
          {rows.length}
          {data?.more === true && "+"} players
        </span>
      </div>
      <GamesPanel />
      {error !== undefined && queryError === undefined ? (
        <Failure what="The players could not be asked for." error={error} retry={reload} />
      ) : (
        <div className="list-body" aria-busy={loading}>
          <DataTable
            label="Players"
            rows={rows}
            columns={playerColumns}
            keyOf={(row) => row.id}
            compact={(row) => <PlayerCompact row={row} />}
            onOpen={(row) => go({ ...route, ...playerRoute(row.id), find, marked } as Route)}
            order={order}
            onOrder={setOrder}
            empty={!loading && queryError === undefined && <NoPlayers find={find} marked={marked} />}
            foot={
              data?.more === true && (
                <div className="table-foot">
                  {wanted < rowsMax ? (
                    <button type="button" className="button" onClick={() => setWanted(Math.min(rowsMax, wanted * 2))}>
                      Show more
                    </button>
                  ) : (
                    "More than a table should hold: narrow the search."
                  )}
                </div>
              )
            }
          />
        </div>
      )}
    </div>
  );
}

function NoPlayers({ find, marked }: { readonly find: string; readonly marked: Marked }) {
  if (find !== "") return <Notice title="No player matches.">A part of the name, of the id or of the address is enough.</Notice>;
  if (marked !== "") return <Notice title={`No player is ${marked}.`}>Marks are made on the page of a player.</Notice>;
  return (
    <Notice title="No player has been seen.">
      Players are told by the plugin of a game, every half minute while they play. See the ports with{" "}
      <code>--set game.servers=GAME=PORT</code>.
    </Notice>
  );
}
