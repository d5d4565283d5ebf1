/**
 * The vocabulary's building blocks. An event kind is declared once, as data; JSON Schema, SQL tables, API filters,
 * documentation and the web page's columns are derived from it.
 */
export interface Field {
  readonly type: "text" | "integer" | "number" | "boolean" | "object" | "list";
  readonly doc: string;
  /** Unit of a number: `bytes`, `µs`, `packets` … */
  readonly unit?: string;
  /** True when events of the kind may come without the field. */
  readonly optional?: boolean;
  /** Members of an object. An object without members may hold anything. */
  readonly fields?: Fields;
  /** What a list holds. */
  readonly items?: Field;
}
export type Fields = { readonly [name: string]: Field };

/** A column of the kind's table in the store, filled from the event. */
export interface Column {
  /** Name in the table, in queries and in the API: lower case with underscores. */
  readonly name: string;
  /** Dotted path in the event: `dns.rrname`. */
  readonly path: string;
  readonly type: "text" | "integer" | "real";
  readonly doc: string;
  /** What stands in it: addresses are compared as such (networks, either spelling), times as microseconds since 1970 UTC. */
  readonly format?: "address" | "time";
  /** True when people search by it. Each index slows writing. */
  readonly index?: boolean;
}

/** An event kind: `event_type` on the wire, a table in the store, a resource in the API. */
export interface Kind {
  readonly name: string;
  readonly summary: string;
  /**
   * Members of the event beside the common ones. Most kinds have one object named like the kind; `flow` has also
   * `tcp` and so on.
   */
  readonly fields: Fields;
  readonly columns: readonly Column[];
  /**
   * True when an event tells one message: its source is who sent it, as in Suricata's EVE. Otherwise the source is who
   * opened the flow.
   */
  readonly bySender?: boolean;
  /** Member of the kind's own object that names the flow's other side (SNI, Host header), for live views. */
  readonly host?: string;
  /**
   * Paths in the kind's own object that say what the message is called (a command, a function), the first that is there;
   * `*` where it is called like its first member. For whoever looks at the order of messages.
   */
  readonly message?: readonly string[];
}

export const defineKind = (kind: Kind): Kind => kind;

type More = { readonly unit?: string; readonly optional?: boolean };
export const text = (doc: string, more: More = {}): Field => ({ type: "text", doc, ...more });
export const integer = (doc: string, more: More = {}): Field => ({ type: "integer", doc, ...more });
export const number = (doc: string, more: More = {}): Field => ({ type: "number", doc, ...more });
export const boolean = (doc: string, more: More = {}): Field => ({ type: "boolean", doc, ...more });
export const object = (doc: string, fields: Fields, more: More = {}): Field => ({ type: "object", doc, fields, ...more });
export const open = (doc: string, more: More = {}): Field => ({ type: "object", doc, ...more });
export const list = (doc: string, items: Field, more: More = {}): Field => ({ type: "list", doc, items, ...more });

/** Shorthand for a member that may be absent. */
export const optional = (field: Field): Field => ({ ...field, optional: true });
