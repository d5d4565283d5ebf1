import { defineKind, type Field, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const peer = { ip: text("Address."), port: integer("Port.") };
const nodes = (what: string): Field =>
  optional(list(`${what} close to what was asked for, at most 64.`, object("A node.", { id: text("Its id, hexadecimal."), ...peer })));
const hexadecimal = (doc: string): Field => text(`${doc}, hexadecimal.`);

/** The `bittorrent_dht` event: names as in Suricata's EVE. */
export const bittorrentDhtKind: Kind = defineKind({
  name: "bittorrent_dht",
  bySender: true,
  summary: "A query, an answer or an error of BitTorrent's distributed table.",
  fields: {
    bittorrent_dht: object("A message.", {
      transaction_id: hexadecimal("Ties answer and query"),
      client_version: optional(hexadecimal("Software: two letters and a version")),
      request_type: optional(text("`ping`, `find_node`, `get_peers`, `announce_peer` …")),
      request: optional(
        object("What is asked.", {
          id: optional(hexadecimal("Id of who asks")),
          target: optional(hexadecimal("Id of the node that is looked for")),
          info_hash: optional(hexadecimal("Torrent")),
          token: optional(hexadecimal("Token of an earlier answer")),
          implied_port: optional(integer("1 when the port of the datagram counts.")),
          port: optional(integer("Port that serves the torrent.")),
        }),
      ),
      response: optional(
        object("What is answered.", {
          id: optional(hexadecimal("Id of who answers")),
          nodes: nodes("Nodes"),
          nodes6: nodes("IPv6 nodes"),
          values: optional(list("Who has the torrent, at most 64.", object("A peer.", peer))),
          token: optional(hexadecimal("Token for a later announcement")),
        }),
      ),
      error: optional(object("Why not.", { num: optional(integer("Number.")), msg: optional(text("Text.")) })),
    }),
  },
  columns: [
    { name: "request_type", path: "bittorrent_dht.request_type", type: "text", doc: "What is asked.", index: true },
    { name: "info_hash", path: "bittorrent_dht.request.info_hash", type: "text", doc: "Torrent.", index: true },
    { name: "request_id", path: "bittorrent_dht.request.id", type: "text", doc: "Id of who asks." },
    { name: "response_id", path: "bittorrent_dht.response.id", type: "text", doc: "Id of who answers." },
    { name: "client_version", path: "bittorrent_dht.client_version", type: "text", doc: "Software." },
  ],
});
