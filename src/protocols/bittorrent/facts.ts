import { defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

export const bittorrentKind: Kind = defineKind({
  name: "bittorrent",
  summary: "A peer's handshake, or what it tells a tracker over UDP.",
  fields: {
    bittorrent: object("What was said.", {
      type: text("`handshake`, or `announce` to a tracker."),
      info_hash: text("Torrent, hexadecimal."),
      peer_id: text("Id of the peer, hexadecimal."),
      client: optional(text("Software, as the id tells: `-qB4620-`.")),
      extensions: optional(list("What the peer can do: `dht`, `fast`, `extended`.", text("Name."))),
      event: optional(text("What happened: `started`, `completed`, `stopped`.")),
      downloaded: optional(integer("Bytes that the peer got.", { unit: "bytes" })),
      left: optional(integer("Bytes that it still wants.", { unit: "bytes" })),
      uploaded: optional(integer("Bytes that it gave.", { unit: "bytes" })),
      port: optional(integer("Port at which it listens.")),
    }),
  },
  columns: [
    { name: "info_hash", path: "bittorrent.info_hash", type: "text", doc: "Torrent.", index: true },
    { name: "client", path: "bittorrent.client", type: "text", doc: "Software.", index: true },
    { name: "peer_id", path: "bittorrent.peer_id", type: "text", doc: "Id of the peer." },
    { name: "type", path: "bittorrent.type", type: "text", doc: "Handshake or announcement." },
  ],
});
