import { clock, duration, moment } from "#base/time-words.ts";
import { bytes, si } from "#base/units.ts";
import { ageOf, type FlowRow, protocolOf } from "#client/flow-row.ts";
import { ProtocolName } from "#web/parts/protocol-name.tsx";
import { When } from "#web/parts/when.tsx";
import type { TableColumn } from "#web/table/column.ts";
import { PlacedEnd } from "./place-mark.tsx";

type Column = TableColumn<FlowRow>;

const client: Column = {
  key: "src_ip",
  label: "client",
  meaning: "The side that opened the flow.",
  width: 136,
  grow: 1.4,
  cell: (row) => <PlacedEnd address={row.client} port={row.clientPort} place={row.clientPlace} />,
  value: (row) => row.client,
};
const server: Column = {
  key: "dest_ip",
  label: "server",
  meaning: "The other side.",
  width: 136,
  grow: 1.4,
  cell: (row) => <PlacedEnd address={row.server} port={row.serverPort} place={row.serverPlace} />,
  value: (row) => row.server,
};
const host: Column = {
  key: "host",
  label: "host",
  meaning: "Name of the server, from SNI, Host header or DNS.",
  width: 100,
  grow: 1.5,
  rank: 2,
  cell: (row) => <span title={row.host}>{row.host}</span>,
  value: (row) => row.host ?? "\uffff",
};
const application: Column = {
  key: "application",
  label: "application",
  meaning: "Application that the flow belongs to, by the name of its server.",
  width: 96,
  grow: 0.6,
  rank: 2,
  cell: (row) => <span title={row.application}>{row.application}</span>,
  value: (row) => row.application ?? "\uffff",
};
const protocol: Column = {
  key: "app_proto",
  label: "protocol",
  meaning: "Application protocol found by content, otherwise the transport's.",
  width: 78,
  cell: (row) => (
    <ProtocolName
      name={protocolOf(row)}
      title={`${row.proto}${row.app === undefined ? ", application protocol not known" : `, ${row.app}`}`}
    />
  ),
  value: protocolOf,
};
const packets: Column = {
  key: "packets",
  label: "packets",
  meaning: "Both directions.",
  width: 56,
  align: "end",
  rank: 4,
  cell: (row) => <span className="num">{si(row.packetsToServer + row.packetsToClient)}</span>,
  value: (row) => row.packetsToServer + row.packetsToClient,
};
const toServer: Column = {
  key: "bytes_toserver",
  label: "to server",
  meaning: "Bytes on the wire from the client.",
  width: 70,
  align: "end",
  cell: (row) => <span className="num">{bytes(row.bytesToServer)}</span>,
  value: (row) => row.bytesToServer,
};
const toClient: Column = {
  key: "bytes_toclient",
  label: "to client",
  meaning: "Bytes on the wire from the server.",
  width: 70,
  align: "end",
  cell: (row) => <span className="num">{bytes(row.bytesToClient)}</span>,
  value: (row) => row.bytesToClient,
};
const age: Column = {
  key: "age",
  label: "age",
  meaning: "From first to last packet.",
  width: 82,
  align: "end",
  rank: 5,
  cell: (row) => <span className="num">{duration(ageOf(row))}</span>,
  value: ageOf,
};
const state: Column = { key: "state", label: "state", width: 76, rank: 3, cell: (row) => row.state, value: (row) => row.state };
const last: Column = {
  key: "last",
  label: "last packet",
  width: 76,
  rank: 6,
  cell: (row) => (
    <span className="num" title={moment(row.last)}>
      {clock(row.last)}
    </span>
  ),
  value: (row) => row.last ?? 0,
};
const start: Column = {
  key: "start",
  label: "start",
  meaning: "Time of the first packet.",
  width: 118,
  align: "end",
  rank: 7,
  cell: (row) => <When time={row.start} />,
  value: (row) => row.start ?? 0,
};
const end: Column = {
  key: "end",
  label: "last packet",
  meaning: "Time of the last packet.",
  width: 118,
  cell: (row) => <When time={row.last} />,
  value: (row) => row.last ?? 0,
};
const reason: Column = {
  key: "reason",
  label: "end",
  meaning: "Why the flow ended.",
  width: 66,
  rank: 6,
  cell: (row) => row.reason,
  value: (row) => row.reason ?? "",
};

/** Flows that go on. */
export const liveColumns: readonly Column[] = [client, server, host, protocol, packets, toServer, toClient, age, last, state];

/** Flows that have ended, from the store. Their order is the store's: newest first. */
export const historyColumns: readonly Column[] = [
  end,
  client,
  server,
  application,
  protocol,
  packets,
  toServer,
  toClient,
  start,
  age,
  state,
  reason,
];
