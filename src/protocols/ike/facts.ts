import { boolean, defineKind, type Field, type Fields, integer, type Kind, list, object, optional, text } from "#schema/field.ts";

const named = (name: string, doc: string): Fields => ({
  [name]: optional(text(`${doc}.`)),
  [`${name}_raw`]: optional(integer(`${doc}, as it stands.`)),
});
/** What a proposal of version 1 says. */
const attributes: Fields = {
  ...named("alg_enc", "Cipher"),
  ...named("alg_hash", "Hash"),
  ...named("alg_auth", "Authentication; in version 2, integrity"),
  ...named("alg_dh", "Group of the key exchange"),
  ...named("alg_prf", "Pseudo-random function"),
  ...named("sa_life_type", "Unit of the life time"),
  ...named("sa_life_duration", "Life time"),
  ...named("sa_key_length", "Key length"),
  ...named("sa_group_type", "Kind of the group"),
  ...named("sa_field_size", "Size of the field"),
};
const side = (who: string): Field =>
  optional(
    object(`What the ${who} sent.`, {
      key_exchange_payload: optional(text("Public value, hexadecimal.")),
      key_exchange_payload_length: optional(integer("Its length.", { unit: "bytes" })),
      nonce_payload: optional(text("Nonce, hexadecimal.")),
      nonce_payload_length: optional(integer("Its length.", { unit: "bytes" })),
      proposals: optional(list("What is offered, at most 32.", object("A transform.", attributes))),
    }),
  );

/** The `ike` event: names as in Suricata's EVE (7.0). */
export const ikeKind: Kind = defineKind({
  name: "ike",
  bySender: true,
  summary: "An IKE message.",
  fields: {
    ike: object("A message.", {
      version_major: integer("1 or 2."),
      version_minor: integer("Minor version."),
      init_spi: text("Number that the initiator gave, hexadecimal."),
      resp_spi: text("Number that the responder gave."),
      message_id: integer("Number of the message."),
      exchange_type: integer("2 main mode, 4 aggressive, 32 quick; 34 IKE_SA_INIT, 35 IKE_AUTH, 37 INFORMATIONAL."),
      role: optional(text("`initiator` or `responder` (version 2).")),
      ...attributes,
      alg_esn: optional(text("Long sequence numbers: `NoESN` or `ESN` (version 2).")),
      payload: list("Payloads, at most 32.", text("Name.")),
      ikev1: optional(
        object("Of version 1.", {
          doi: optional(integer("Domain of interpretation.")),
          encrypted_payloads: boolean("True when all but the header is encrypted."),
          client: side("client"),
          server: side("server"),
          vendor_ids: optional(list("Software, by known numbers.", text("Hexadecimal."))),
        }),
      ),
      ikev2: optional(
        object("Of version 2.", {
          errors: integer("Errors that are told."),
          notify: optional(list("Notifications.", text("Name."))),
        }),
      ),
    }),
  },
  columns: [
    { name: "version", path: "ike.version_major", type: "integer", doc: "Version." },
    { name: "exchange_type", path: "ike.exchange_type", type: "integer", doc: "Kind of exchange.", index: true },
    { name: "init_spi", path: "ike.init_spi", type: "text", doc: "Number of the initiator.", index: true },
    { name: "alg_enc", path: "ike.alg_enc", type: "text", doc: "Cipher that was chosen." },
    { name: "alg_dh", path: "ike.alg_dh", type: "text", doc: "Group that was chosen." },
    { name: "alg_auth", path: "ike.alg_auth", type: "text", doc: "Authentication or integrity that was chosen." },
  ],
});
