import { callMembers, requestMembers } from "#protocols/dcerpc/facts.ts";
import { defineKind, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const system = (doc: string) =>
  optional(object(doc, { native_os: text("Operating system."), native_lm: text("Software that speaks SMB.") }));

export const smbKind: Kind = defineKind({
  name: "smb",
  message: ["dcerpc.interfaces.0.procedure", "command"],
  summary: "An SMB request and its answer; reads and writes of one file are one event.",
  fields: {
    smb: object("The transaction.", {
      id: integer("Number in the flow, from 1."),
      dialect: text("Dialect agreed on: `3.11`, `NT LM 0.12`; `unknown` when the capture lacks it."),
      command: text("`SMB2_COMMAND_CREATE` …"),
      status: optional(text("Answer: `STATUS_SUCCESS` … Absent when none was seen.")),
      status_code: optional(text("The same as number, hexadecimal.")),
      session_id: integer("Session."),
      tree_id: integer("Share that the session is connected to."),
      client_dialects: optional(list("Dialects that the client offers.", text("Dialect."))),
      client_guid: optional(text("Identifier of the client.")),
      server_guid: optional(text("Identifier of the server.")),
      max_read_size: optional(integer("Most bytes that one read may ask for.", { unit: "bytes" })),
      max_write_size: optional(integer("Most bytes that one write may hold.", { unit: "bytes" })),
      ntlmssp: optional(
        object("Who logs on with NTLM.", {
          domain: text("Domain."),
          user: text("User."),
          host: text("Workstation."),
          version: optional(text("Version of the client's Windows.")),
        }),
      ),
      kerberos: optional(
        object("Ticket that the client logs on with.", {
          realm: text("Realm."),
          snames: list("Service that the ticket is for.", text("Part of its name.")),
        }),
      ),
      account: optional(object("Who logs on without a token (SMB 1).", { user: text("User."), domain: text("Domain.") })),
      request: system("What the client says of itself (SMB 1)."),
      response: system("What the server says of itself (SMB 1)."),
      share: optional(text("Share: `\\\\server\\data`.")),
      named_pipe: optional(text("Share of pipes: `\\\\server\\IPC$`.")),
      share_type: optional(text("`FILE`, `PIPE` or `PRINT`.")),
      service: optional(
        object("Kind of share (SMB 1).", {
          request: optional(text("That the client wants; `?????` for any.")),
          response: optional(text("That the server has: `A:`, `IPC`.")),
        }),
      ),
      filename: optional(text("File or pipe.")),
      directory: optional(text("Directory.")),
      disposition: optional(text("`FILE_OPEN`, `FILE_CREATE` …: what to do when the file is there, or is not.")),
      access: optional(text("`delete on close` or `normal`.")),
      created: optional(integer("When the file was made.", { unit: "s" })),
      accessed: optional(integer("When it was last read.", { unit: "s" })),
      modified: optional(integer("When it was last written.", { unit: "s" })),
      changed: optional(integer("When anything of it last changed.", { unit: "s" })),
      size: optional(integer("Size of the file.", { unit: "bytes" })),
      fuid: optional(text("Identifier of the open file.")),
      function: optional(text("Control function: `FSCTL_PIPE_TRANSCEIVE` …")),
      rename: optional(object("New name of a file.", { from: text("Old name."), to: text("New name.") })),
      dcerpc: optional(
        object("Remote procedure call in a pipe.", {
          ...callMembers,
          opnum: optional(integer("Number of the operation.")),
          req: optional(object("The request.", requestMembers)),
          call_id: integer("Number that request and answer share."),
        }),
      ),
    }),
  },
  columns: [
    { name: "command", path: "smb.command", type: "text", doc: "Command.", index: true },
    { name: "status", path: "smb.status", type: "text", doc: "Answer." },
    { name: "filename", path: "smb.filename", type: "text", doc: "File or pipe.", index: true },
    { name: "share", path: "smb.share", type: "text", doc: "Share.", index: true },
    { name: "user", path: "smb.ntlmssp.user", type: "text", doc: "User who logs on with NTLM.", index: true },
    { name: "dialect", path: "smb.dialect", type: "text", doc: "Dialect." },
    { name: "service", path: "smb.dcerpc.interfaces.service", type: "text", doc: "Interface called in a pipe." },
    { name: "procedure", path: "smb.dcerpc.interfaces.procedure", type: "text", doc: "Operation called in a pipe." },
  ],
});
