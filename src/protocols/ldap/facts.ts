import { boolean, defineKind, type Field, type Fields, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const one = (doc: string, fields: Fields): Field => optional(object(doc, fields));
const attributes = (name: "type" | "name"): Field =>
  list("Attributes; at most 64.", object("An attribute.", { [name]: text("Name."), values: list("Values; at most 64.", text("Value.")) }));
const extension: Fields = {
  name: optional(text("Identifier of the extension.")),
  value_size: optional(integer("Length of its value.", { unit: "bytes" })),
};
const result = (doc: string): Field =>
  one(doc, {
    result_code: text("`success`, `invalid_credentials` …; a number when it has no name."),
    matched_dn: text("Part of the name that exists."),
    message: text("What the server says of it."),
    ...extension,
  });

const request = object("What was asked.", {
  operation: text("`bind_request`, `search_request` …"),
  message_id: integer("Number that request and answers share."),
  bind_request: one("A logon.", {
    version: integer("Version of the protocol."),
    name: text("Who logs on."),
    authentication: optional(text("`simple` (with a password), `anonymous`, `sasl` or `sicily`.")),
    sasl: one("How.", { mechanism: text("Mechanism: `GSS-SPNEGO` …") }),
    ntlmssp: one("Who logs on with NTLM.", { domain: text("Domain."), user: text("User."), host: text("Workstation.") }),
  }),
  search_request: one("A search.", {
    base_object: text("Where it begins."),
    scope: integer("0 the base alone, 1 one level, 2 the whole tree."),
    deref_alias: integer("When aliases are followed: 0 never."),
    size_limit: integer("Most entries; 0 for any number.", { unit: "entries" }),
    time_limit: integer("Longest time; 0 for any.", { unit: "s" }),
    types_only: boolean("True when only names of attributes are wanted."),
    filter: optional(text("What is looked for: `(&(objectClass=user)(cn=a*))`.")),
    attributes: list("Attributes that are wanted; at most 64.", text("Name.")),
  }),
  modify_request: one("A change.", {
    object: text("Entry."),
    changes: list(
      "Changes; at most 64.",
      object("A change.", {
        operation: text("`add`, `delete`, `replace` or `increment`."),
        modification: one("Attribute and values.", {
          attribute_type: text("Attribute."),
          attribute_values: list("Values; at most 64.", text("Value.")),
        }),
      }),
    ),
  }),
  add_request: one("A new entry.", { entry: text("Its name."), attributes: attributes("name") }),
  del_request: one("A deletion.", { dn: text("Entry.") }),
  mod_dn_request: one("A new name.", {
    entry: text("Entry."),
    new_rdn: text("Its new name among its siblings."),
    delete_old_rdn: boolean("True when the old name goes."),
    new_superior: optional(text("Its new parent.")),
  }),
  compare_request: one("A comparison.", {
    entry: text("Entry."),
    attribute_value_assertion: object("What is compared.", { description: text("Attribute."), value: text("Value.") }),
  }),
  abandon_request: one("Another request is given up.", { message_id: integer("Its number.") }),
  extended_request: one("An extension: StartTLS …", extension),
});

const response = object("An answer.", {
  operation: text("`search_result_entry`, `search_result_done` …"),
  message_id: integer("Number that request and answers share."),
  bind_response: result("Answer to a logon."),
  search_result_entry: one("An entry that was found.", { base_object: text("Its name."), attributes: attributes("type") }),
  search_result_reference: one("Look elsewhere, too.", { uris: list("Where.", text("URI.")) }),
  search_result_done: result("End of a search."),
  modify_response: result("Answer to a change."),
  add_response: result("Answer to a new entry."),
  del_response: result("Answer to a deletion."),
  mod_dn_response: result("Answer to a new name."),
  compare_response: result("Answer to a comparison."),
  extended_response: result("Answer to an extension."),
  intermediate_response: one("An answer on the way.", extension),
});

export const ldapKind: Kind = defineKind({
  name: "ldap",
  message: ["request.operation"],
  summary: "A request to a directory and its answers.",
  fields: {
    ldap: object("The exchange.", {
      request: optional(request),
      responses: optional(list("What was answered; at most 32 and the end of a search.", response)),
      omitted: optional(integer("Answers beyond that.", { unit: "answers" })),
    }),
  },
  columns: [
    { name: "operation", path: "ldap.request.operation", type: "text", doc: "What was asked.", index: true },
    { name: "bind_name", path: "ldap.request.bind_request.name", type: "text", doc: "Who logs on.", index: true },
    { name: "base_object", path: "ldap.request.search_request.base_object", type: "text", doc: "Where a search begins." },
    { name: "filter", path: "ldap.request.search_request.filter", type: "text", doc: "What is looked for." },
    { name: "result", path: "ldap.responses.search_result_done.result_code", type: "text", doc: "End of a search." },
    { name: "bind_result", path: "ldap.responses.bind_response.result_code", type: "text", doc: "Answer to a logon." },
  ],
});
