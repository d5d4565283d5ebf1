import { boolean, defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const version = (doc: string) => optional(object(doc, { major: text("Three digits."), minor: text("Three digits.") }));

export const rfbKind: Kind = defineKind({
  name: "rfb",
  summary: "A shared desktop's handshake (VNC).",
  fields: {
    rfb: object("The handshake.", {
      server_protocol_version: version("Version of the server."),
      client_protocol_version: version("Version of the client."),
      authentication: optional(
        object("How the client proves who it is.", {
          security_type: optional(integer("1 not at all, 2 by a password, 18 inside TLS …")),
          vnc: optional(
            object("By a password.", {
              challenge: text("What the server sends, hexadecimal."),
              response: optional(text("The same, encrypted with the password, hexadecimal.")),
            }),
          ),
          security_result: optional(text("`OK`, `FAIL` or `TOOMANY`.")),
        }),
      ),
      server_security_failure_reason: optional(text("Why the server refuses.")),
      screen_shared: optional(boolean("True when others may stay connected.")),
      framebuffer: optional(
        object("The desktop.", {
          width: integer("Width.", { unit: "pixels" }),
          height: integer("Height.", { unit: "pixels" }),
          name: text("Name."),
          pixel_format: object("How colours are sent.", {
            bits_per_pixel: integer("Bits of a pixel.", { unit: "bits" }),
            depth: integer("Bits that are used.", { unit: "bits" }),
            big_endian: boolean("Order of its bytes."),
            true_color: boolean("True when pixels hold colours, false when they are numbers of a palette."),
            red_max: integer("Most red."),
            green_max: integer("Most green."),
            blue_max: integer("Most blue."),
            red_shift: integer("Place of red.", { unit: "bits" }),
            green_shift: integer("Place of green.", { unit: "bits" }),
            blue_shift: integer("Place of blue.", { unit: "bits" }),
          }),
        }),
      ),
    }),
  },
  columns: [
    { name: "security_type", path: "rfb.authentication.security_type", type: "integer", doc: "How the client proves who it is." },
    { name: "security_result", path: "rfb.authentication.security_result", type: "text", doc: "Whether it succeeded.", index: true },
    { name: "desktop", path: "rfb.framebuffer.name", type: "text", doc: "Name of the desktop." },
  ],
});
