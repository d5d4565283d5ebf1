import type { Side } from "#contract/parser.ts";

/** Names for what stands in the packets of games; `undefined` where the catalog knows nothing of them. */
export interface PacketCatalog {
  /** Fields of a packet's body, by name. */
  fieldsOf(opcode: string, side: Side, body: Uint8Array): Readonly<Record<string, unknown>> | undefined;
  /** Unit of a field as the header annotates it: `ms`, `m`. */
  unitOf(opcode: string, side: Side, field: string): string | undefined;
  /** Name of an opcode by number, from the headers' enums, for games whose plugin names none. */
  nameOf(opcode: number, side: Side): string | undefined;
}

export const noCatalog: PacketCatalog = { fieldsOf: () => undefined, unitOf: () => undefined, nameOf: () => undefined };
