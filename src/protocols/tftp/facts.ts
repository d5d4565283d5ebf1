import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

/** The `tftp` event: names as in Suricata's EVE, own members behind them. */
export const tftpKind: Kind = defineKind({
  name: "tftp",
  summary: "A file that is read or written, or why it is not (RFC 1350).",
  fields: {
    tftp: object("A request or an error.", {
      packet: text("`read`, `write` or `error`."),
      file: optional(text("Name of the file.")),
      mode: optional(text("`octet`, `netascii` or `mail`.")),
      block_size: optional(integer("Bytes of a block that the client proposes.", { unit: "bytes" })),
      size: optional(integer("Size of the file, as the client tells.", { unit: "bytes" })),
      error_code: optional(integer("Number of the error; 1 for a file that is not there.")),
      message: optional(text("Text of the error.")),
    }),
  },
  columns: [
    { name: "packet", path: "tftp.packet", type: "text", doc: "What is asked." },
    { name: "file", path: "tftp.file", type: "text", doc: "Name of the file.", index: true },
    { name: "mode", path: "tftp.mode", type: "text", doc: "How it is transferred." },
    { name: "message", path: "tftp.message", type: "text", doc: "Why not." },
  ],
});
