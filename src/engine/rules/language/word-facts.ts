/** What the language needs to know of a protocol's word; `schema/rule-word.ts` says it in full. */
export interface WordFacts {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly modifiers?: readonly string[];
  readonly type: "bytes" | "integer" | "flags" | "text" | "flag" | "own";
  readonly protocols: readonly string[];
  readonly side: "toServer" | "toClient" | "both";
  readonly several?: boolean;
  readonly numbers?: Readonly<Record<string, number>>;
  /** For `integer`: values are texts as `alg_enc=7`, and rules say which of the names they compare. */
  readonly keyed?: boolean;
  /** For `own`: makes a test of what stands behind the colon, or says what is wrong with it. */
  readonly read?: (argument: string) => ((value: unknown) => boolean) | string;
  readonly unsupported?: string;
}

/** Applications that carry files. */
const fileProtocols = ["http", "http2", "smtp", "ftp-data", "nfs", "smb", "imap", "pop3", "tftp"];
const file = (name: string, type: WordFacts["type"], aliases: readonly string[] = []): WordFacts => ({
  name,
  aliases,
  type,
  protocols: fileProtocols,
  side: "both",
  several: true,
});

/** Words about files that travel, whatever the protocol. A list that is handed in may say more about them. */
const fileWords: readonly WordFacts[] = [
  file("file.data", "bytes", ["file_data"]),
  file("file.name", "bytes"),
  file("file.magic", "bytes"),
  file("file.size", "integer", ["filesize"]),
  file("file.md5", "bytes"),
  file("file.sha1", "bytes"),
  file("file.sha256", "bytes"),
];

/** Buffers of a packet's own headers. */
export const headerBuffers: ReadonlySet<string> = new Set([
  "ip.hdr",
  "ipv4.hdr",
  "ipv6.hdr",
  "tcp.hdr",
  "udp.hdr",
  "icmpv4.hdr",
  "icmpv6.hdr",
  "igmp.hdr",
]);

/** Buffers of a packet's own bytes: its headers and its addresses (4 or 16 bytes). */
export const packetBuffers: ReadonlySet<string> = new Set([...headerBuffers, "ip.src", "ip.dst"]);

/** Words by each of their spellings. */
export interface WordIndex {
  readonly names: ReadonlyMap<string, WordFacts>;
  readonly modifiers: ReadonlyMap<string, WordFacts>;
  readonly protocols: ReadonlySet<string>;
}

export function indexWords(words: readonly WordFacts[]): WordIndex {
  const names = new Map<string, WordFacts>();
  const modifiers = new Map<string, WordFacts>();
  const protocols = new Set<string>();
  for (const word of [...fileWords, ...words]) {
    names.set(word.name, word);
    for (const alias of word.aliases ?? []) names.set(alias, word);
    for (const modifier of word.modifiers ?? []) modifiers.set(modifier, word);
    for (const protocol of word.protocols) protocols.add(protocol);
  }
  return { names, modifiers, protocols };
}
