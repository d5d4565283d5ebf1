/**
 * A word of the rule language that looks into a protocol's messages: `http.uri`, `dhcp.leasetime`. Protocols declare
 * theirs in `words.ts`. Its value is taken from the transactions that the parser emits, or given by the parser as bytes
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
   * name. `text`: compared as a whole with one of the values given. `flag`: has no value, true or not. `own`: the word
   * has a syntax of its own, which `read` knows.
   */
  readonly type: "bytes" | "integer" | "flags" | "text" | "flag" | "own";
  /** Protocols (`ProtocolDefinition.name`, EVE's `app_proto`) whose messages have it: a rule with the word is about these. */
  readonly protocols: readonly string[];
  /** Whose messages have it. */
  readonly side: "toServer" | "toClient" | "both";
  /**
   * Where it stands in the events; absent when the parser gives the bytes. Of each side, the first path that is there
   * counts; with `several`, all of them.
   */
  readonly from?: readonly RuleWordPath[];
  /** True when a transaction may have several values, each judged by itself. */
  readonly several?: boolean;
  /**
   * Names for numbers: `mqtt.type:CONNECT`. For `flags`, the bits. An event that has the name instead of the number is
   * looked up here too, in any case.
   */
  readonly numbers?: Readonly<Record<string, number>>;
  /**
   * For `own`: makes a test of what stands behind the word's colon (`function 8, unit >3`), or says what is wrong with
   * it. The test is given what each path leads to as it stands in the event, or what the parser gave: the number, or
   * the bytes as a text of one character each.
   */
  readonly read?: (argument: string) => ((value: unknown) => boolean) | string;
  /**
   * How a text in the event becomes bytes: by default UTF-8, in which `\xc5` stands for a byte; `latin1`: a byte each character;
   * `hex` passes over colons.
   */
  readonly encoding?: "text" | "latin1" | "hex" | "base64";
  /** Only to be told, never given: the word exists but rules with it are refused, with this reason. */
  readonly unsupported?: string;
}

export interface RuleWordPath {
  /** Kind of event. */
  readonly kind: string;
  /**
   * Dotted path in the event's own object; `[]` goes through a list: `queries[].rrname`. A leading `/` begins at the
   * event: `/email.from`. Empty for the object itself (`own`). Numbers become decimal digits where bytes are wanted;
   * digits become numbers, true 1 and false 0 where numbers are; a list of names of flags, without `[]`, is their bits
   * together.
   */
  readonly path: string;
  /** Side of the message that the value belongs to, when it is not the event's: an http event tells request and response. */
  readonly side?: "toServer" | "toClient";
}

/** Shorthands for `words.ts` of a protocol. */
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
/** A piece of the stream that rules judge by itself: `frame:mqtt.pdu`. The parser gives it by `RuleTap.frame`. */
export const frameWord = (name: string, protocols: readonly string[], side: RuleWord["side"], doc: string): RuleWord =>
  bufferWord(`frame:${name}`, protocols, side, doc, { several: true });
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
export const ownWord = (
  name: string,
  protocols: readonly string[],
  side: RuleWord["side"],
  doc: string,
  read: NonNullable<RuleWord["read"]>,
  more: Partial<RuleWord> = {},
): RuleWord => ({
  name,
  doc,
  type: "own",
  protocols,
  side,
  read,
  ...more,
});
/** Paths in the events of one kind. */
export const pathsIn = (kind: string, ...paths: readonly string[]): readonly RuleWordPath[] => paths.map((path) => ({ kind, path }));
/** Paths in the events of one kind that tells both sides: what the client said, and what the server said. */
export const pathsBySide = (kind: string, client: readonly string[], server: readonly string[]): readonly RuleWordPath[] => [
  ...client.map((path): RuleWordPath => ({ kind, path, side: "toServer" })),
  ...server.map((path): RuleWordPath => ({ kind, path, side: "toClient" })),
];
