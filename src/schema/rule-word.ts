/**
 * A word of the rule language that looks into a protocol's messages: `http.uri`, `dhcp.leasetime`. Protocols declare
 * theirs in `facts.ts`. Its value is taken from the transactions that the parser emits, or given by the parser as bytes
 * (`ParserContext.rules`) where the event does not hold them as they were.
 */
export interface RuleWord {
  /** `ssh.software`. */
  readonly name: string;
  /** Older spellings that mean the same and stand before what they look at, as sticky buffers: `dns_query`. */
  readonly aliases?: readonly string[];
  /** Older spellings that stand behind the `content` that they turn to the buffer: `http_uri`. */
  readonly modifiers?: readonly string[];
  readonly doc: string;
  /**
   * `bytes`: a buffer with contents, pcre and so on. `integer`: compared with a number (`>3`, `1-5`). `flags`: bits by
   * name. `text`: compared as a whole with one of the values given. `flag`: has no value, true or not.
   */
  readonly type: "bytes" | "integer" | "flags" | "text" | "flag";
  /** Protocols (`ProtocolDefinition.name`, EVE's `app_proto`) whose messages have it: a rule with the word is about these. */
  readonly protocols: readonly string[];
  /** Whose messages have it. */
  readonly side: "toServer" | "toClient" | "both";
  /** Where it stands in the events; absent when the parser gives the bytes. The first path that is there counts. */
  readonly from?: readonly RuleWordPath[];
  /** True when a transaction may have several values, each judged by itself. */
  readonly several?: boolean;
  /** Names for numbers: `mqtt.type:CONNECT`. For `flags`, the bits. */
  readonly numbers?: Readonly<Record<string, number>>;
  /** How a text in the event becomes bytes, when it is not plain text. */
  readonly encoding?: "text" | "hex" | "base64";
  /** Only to be told, never given: the word exists but rules with it are refused, with this reason. */
  readonly unsupported?: string;
}

export interface RuleWordPath {
  /** Kind of event. */
  readonly kind: string;
  /** Dotted path in the event's own object; `[]` goes through a list: `queries[].rrname`. A leading `/` begins at the event: `/email.from`. */
  readonly path: string;
  /** Side of the message that the value belongs to, when it is not the event's: an http event tells request and response. */
  readonly side?: "toServer" | "toClient";
}

/** Shorthands for `facts.ts`. */
export const bufferWord = (
  name: string,
  protocols: readonly string[],
  side: RuleWord["side"],
  doc: string,
  more: Partial<RuleWord> = {},
): RuleWord => ({
  name,
  doc,
  type: "bytes",
  protocols,
  side,
  ...more,
});
export const integerWord = (
  name: string,
  protocols: readonly string[],
  side: RuleWord["side"],
  doc: string,
  more: Partial<RuleWord> = {},
): RuleWord => ({
  name,
  doc,
  type: "integer",
  protocols,
  side,
  ...more,
});
