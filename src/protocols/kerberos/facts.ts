import { boolean, defineKind, type Kind, object, optional, text } from "#schema/field.ts";

export const krb5Kind: Kind = defineKind({
  name: "krb5",
  bySender: true,
  summary: "A message between a Kerberos client and its key distribution centre.",
  fields: {
    krb5: object("The message.", {
      msg_type: text("`KRB_AS_REQ`, `KRB_AS_REP`, `KRB_TGS_REQ`, `KRB_TGS_REP` or `KRB_ERROR`."),
      failed_request: optional(text("What was asked, when the answer is an error; `UNKNOWN` when the capture lacks it.")),
      error_code: optional(text("Name of the error; its number when it has none.")),
      cname: text("Client; `<empty>` when it is not told."),
      realm: text("Realm; `<empty>` when it is not told."),
      sname: text("Service that a ticket is for: `krbtgt/EXAMPLE.COM`."),
      encryption: text("Encryption of a reply; `<none>` in other messages."),
      weak_encryption: boolean("True when that encryption has been given up."),
      ticket_encryption: optional(text("Encryption of the ticket, with the key of the service.")),
      ticket_weak_encryption: optional(boolean("True when the ticket's encryption has been given up: its key can be guessed offline.")),
    }),
  },
  columns: [
    { name: "msg_type", path: "krb5.msg_type", type: "text", doc: "Type of the message.", index: true },
    { name: "cname", path: "krb5.cname", type: "text", doc: "Client.", index: true },
    { name: "realm", path: "krb5.realm", type: "text", doc: "Realm." },
    { name: "sname", path: "krb5.sname", type: "text", doc: "Service.", index: true },
    { name: "error_code", path: "krb5.error_code", type: "text", doc: "Error." },
    { name: "encryption", path: "krb5.encryption", type: "text", doc: "Encryption of a reply." },
    { name: "ticket_encryption", path: "krb5.ticket_encryption", type: "text", doc: "Encryption of the ticket." },
  ],
});
