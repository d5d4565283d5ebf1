import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

export const ssdpKind: Kind = defineKind({
  name: "ssdp",
  host: "location",
  summary: "A device looks for others, announces itself, or answers.",
  fields: {
    ssdp: object("A message.", {
      type: text("`search`, `notify` or `response`."),
      st: optional(text("What is looked for, or what answers.")),
      nt: optional(text("What announces itself.")),
      nts: optional(text("`ssdp:alive`, `ssdp:byebye` or `ssdp:update`.")),
      usn: optional(text("Name of the device or service.")),
      location: optional(text("Where its description is.")),
      server: optional(text("Software of the device.")),
      user_agent: optional(text("Software of who looks.")),
      mx: optional(integer("How long to wait for answers.", { unit: "s" })),
    }),
  },
  columns: [
    { name: "type", path: "ssdp.type", type: "text", doc: "Kind of message." },
    { name: "st", path: "ssdp.st", type: "text", doc: "What is looked for." },
    { name: "usn", path: "ssdp.usn", type: "text", doc: "Name of the device.", index: true },
    { name: "location", path: "ssdp.location", type: "text", doc: "Where its description is." },
    { name: "server", path: "ssdp.server", type: "text", doc: "Software of the device.", index: true },
  ],
});
