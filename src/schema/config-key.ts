/** One key of the configuration as data. */
export interface ConfigKey {
  readonly type: "integer" | "number" | "boolean" | "text" | "list";
  readonly default: number | boolean | string | readonly string[];
  readonly doc: string;
  readonly unit?: string;
  readonly min?: number;
  readonly max?: number;
  readonly choices?: readonly string[];
  /** Dotted names of Suricata's configuration that mean the same, for `--set`; `N` stands for the number of an entry. */
  readonly suricata?: readonly string[];
}

/** A key whose type is known to the compiler, so that `Config` knows the type of its value. */
export type Key<T extends ConfigKey["type"]> = ConfigKey & { readonly type: T };
export type More = Omit<Partial<ConfigKey>, "type">;

/** What the value of a key is in the program. */
export type ValueOf<K extends ConfigKey> = K["type"] extends "boolean"
  ? boolean
  : K["type"] extends "text"
    ? string
    : K["type"] extends "list"
      ? readonly string[]
      : number;

export const integer = (value: number, unit: string, doc: string, more: More = {}): Key<"integer"> => ({
  type: "integer",
  default: value,
  unit,
  doc,
  min: 0,
  ...more,
});
export const decimal = (value: number, unit: string, doc: string, more: More = {}): Key<"number"> => ({
  type: "number",
  default: value,
  unit,
  doc,
  min: 0,
  ...more,
});
export const flag = (value: boolean, doc: string, more: More = {}): Key<"boolean"> => ({ type: "boolean", default: value, doc, ...more });
export const text = (value: string, doc: string, more: More = {}): Key<"text"> => ({ type: "text", default: value, doc, ...more });
export const list = (value: readonly string[], doc: string, more: More = {}): Key<"list"> => ({
  type: "list",
  default: value,
  doc,
  ...more,
});
