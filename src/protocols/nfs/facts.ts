import { boolean, defineKind, type Fields, integer, type Kind, object, optional, text } from "#schema/field.ts";

const callFields: Fields = {
  xid: integer("Number that call and reply share."),
  status: optional(text("`ACCEPTED` or `DENIED`; absent when no reply was seen.")),
  auth_type: text("How the caller says who it is: `UNIX`, `NULL`, `GSS` …"),
  creds: optional(
    object("Who calls, as it says itself.", {
      machine_name: text("Host."),
      uid: integer("User."),
      gid: integer("Group."),
    }),
  ),
};

export const nfsKind: Kind = defineKind({
  name: "nfs",
  bySender: true,
  summary: "A call to a network file system and its reply.",
  fields: {
    nfs: object("The call.", {
      version: integer("Version of the protocol."),
      procedure: text("`LOOKUP`, `READ` … Calls of NULL and GETATTR are not told."),
      rename: optional(object("A new name.", { from: text("Old name."), to: text("New name.") })),
      filename: text("Name of the file; empty when it is not known."),
      hhash: optional(text("CRC-32 of the file's handle, hexadecimal.")),
      id: integer("Number of the call in its flow, from 1."),
      file_tx: boolean("True when it carries bytes of a file."),
      type: text("`response`; `request` when no reply was seen."),
      status: optional(text("`OK`, `ERR_NOENT` …")),
    }),
    rpc: object("The call underneath.", callFields),
  },
  columns: [
    { name: "procedure", path: "nfs.procedure", type: "text", doc: "Procedure.", index: true },
    { name: "filename", path: "nfs.filename", type: "text", doc: "Name of the file.", index: true },
    { name: "status", path: "nfs.status", type: "text", doc: "Answer." },
    { name: "version", path: "nfs.version", type: "integer", doc: "Version of the protocol." },
    { name: "machine_name", path: "rpc.creds.machine_name", type: "text", doc: "Host that calls, as it says itself." },
    { name: "uid", path: "rpc.creds.uid", type: "integer", doc: "User who calls, as it says itself." },
  ],
});

export const rpcKind: Kind = defineKind({
  name: "rpc",
  summary: "A remote procedure call of Unix (ONC RPC) to another program than NFS.",
  fields: {
    rpc: object("The call.", {
      ...callFields,
      program: integer("Number of the program."),
      program_name: optional(text("Its name: `portmapper`, `mountd` …")),
      version: integer("Version of the program."),
      procedure: integer("Number of the procedure."),
      getport: optional(
        object("Port of a program, asked for and answered by the portmapper.", {
          program: integer("Program."),
          version: integer("Its version."),
          proto: text("`TCP` or `UDP`."),
          port: optional(integer("Port; 0 when there is none.")),
        }),
      ),
      path: optional(text("Directory that is to be mounted.")),
    }),
  },
  columns: [
    { name: "program", path: "rpc.program", type: "integer", doc: "Number of the program.", index: true },
    { name: "program_name", path: "rpc.program_name", type: "text", doc: "Name of the program." },
    { name: "procedure", path: "rpc.procedure", type: "integer", doc: "Number of the procedure." },
    { name: "status", path: "rpc.status", type: "text", doc: "Answer." },
    { name: "path", path: "rpc.path", type: "text", doc: "Directory that is to be mounted." },
  ],
});
