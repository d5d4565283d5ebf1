import { count, plain } from "#base/units.ts";
import type { PlayerRow } from "#schema/player.ts";
import { When } from "#web/parts/when.tsx";
import type { TableColumn } from "#web/table/column.ts";
import { Marks, Verdict } from "./verdict.tsx";

export const placeText = ({ position }: PlayerRow): string =>
  position === undefined
    ? ""
    : [position.map, `${plain(position.x)}, ${plain(position.y)}`].filter((part) => part !== undefined).join(" · ");
export const healthText = ({ health }: PlayerRow): string => (health === undefined ? "" : `${plain(health.now)} / ${plain(health.most)}`);

/** Columns of the list. Those with a `value` are sorted by the store, under the column's key. */
export const playerColumns: readonly TableColumn<PlayerRow>[] = [
  {
    key: "name",
    label: "Player",
    width: 170,
    grow: 2,
    value: (row) => row.name ?? row.id,
    cell: (row) => (
      <>
        <strong>{row.name ?? row.id}</strong> {row.name !== undefined && <span className="dim mono">{row.id}</span>}
      </>
    ),
  },
  {
    key: "score",
    label: "Seems to be",
    meaning: "Who plays, and the score: 0 a person, 1 a program",
    width: 120,
    value: (row) => row.score ?? 0,
    cell: (row) => <Verdict verdict={row.verdict} score={row.score} />,
  },
  { key: "state", label: "State", width: 60, rank: 3, value: (row) => row.state, cell: (row) => row.state },
  { key: "level", label: "Level", width: 56, align: "end", rank: 4, value: (row) => row.level ?? 0, cell: (row) => row.level },
  { key: "health", label: "Health", width: 96, align: "end", rank: 8, cell: (row) => <span className="num">{healthText(row)}</span> },
  { key: "place", label: "Place", width: 150, grow: 1, rank: 7, cell: placeText },
  {
    key: "actions",
    label: "Actions",
    meaning: "Packets that tell what the player did",
    width: 80,
    align: "end",
    rank: 5,
    value: (row) => row.actions,
    cell: (row) => <span className="num">{count(row.actions)}</span>,
  },
  { key: "src_ip", label: "Address", width: 130, rank: 6, cell: (row) => <span className="mono">{row.address}</span> },
  { key: "game", label: "Game", width: 80, rank: 9, value: (row) => row.game, cell: (row) => row.game },
  { key: "time", label: "Seen", width: 118, rank: 2, value: (row) => row.seen, cell: (row) => <When time={row.seen} /> },
  { key: "marks", label: "Marks", width: 150, grow: 1, rank: 1, cell: (row) => <Marks {...row} /> },
];

/** A player on two lines, for narrow screens. */
export function PlayerCompact({ row }: { readonly row: PlayerRow }) {
  return (
    <>
      <span className="cut">
        <strong>{row.name ?? row.id}</strong> <span className="dim">{row.level !== undefined && `level ${row.level}`}</span>
      </span>
      <Verdict verdict={row.verdict} score={row.score} />
      <span className="cut dim">
        {row.state} · {row.watched && "watched · "}
        {row.whitelisted && "whitelisted · "}
        <span className="mono">{row.address}</span>
      </span>
      <span className="dim">
        <When time={row.seen} />
      </span>
    </>
  );
}
