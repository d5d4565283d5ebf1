import type { Transaction } from "#contract/parser.ts";
import type { Kind } from "#schema/field.ts";
import { applicationTable } from "./applications.generated.ts";

/** What decided: a host that the client asked for, or a name in the server's certificate. */
export const evidenceNames = ["", "host", "certificate"] as const;
/** Host names whose application is remembered; when there are more, all are forgotten. */
const hostsMax = 4096;
/** Longest host name, RFC 1035 §2.3.4. */
const hostCharactersMax = 255;

/** An application and the suffix of a host name that tells it. */
export interface ApplicationRow {
  readonly name: string;
  readonly suffix: string;
}

/**
 * Finds the application that a flow belongs to, by the host names in its transactions. A flow record keeps the answer
 * as one word: row of the table + 1, and what decided above it.
 */
export class ApplicationFinder {
  readonly #rows: ApplicationRow[] = [];
  readonly #bySuffix = new Map<string, number>();
  readonly #byHost = new Map<string, number>();
  /** Members of each kind's own object that name a host, and of those that tell a certificate's subject. */
  readonly #hosts: ReadonlyMap<string, string>;

  constructor(kinds: readonly Kind[]) {
    this.#hosts = new Map(kinds.flatMap(({ name, host }) => (host === undefined ? [] : [[name, host] as const])));
    for (const line of applicationTable.split("\n")) {
      const [name = "", ...suffixes] = line.split(" ");
      for (const suffix of suffixes) this.#bySuffix.set(suffix, this.#rows.push({ name, suffix }));
    }
  }

  /** The host that a transaction names. */
  hostOf(kind: string, fields: Transaction): string | undefined {
    const member = this.#hosts.get(kind);
    const host = member === undefined ? undefined : fields[member];
    return typeof host === "string" ? host : undefined;
  }

  /** The record's word for a transaction, 0 when it tells no application. */
  find(kind: string, fields: Transaction): number {
    const host = this.hostOf(kind, fields);
    if (host !== undefined && host !== "") {
      const row = this.#rowOf(host);
      return row === 0 ? 0 : row | (1 << 16);
    }
    const subject = fields["subject"];
    if (typeof subject !== "string") return 0;
    const name = /(?:^|, ?)CN=(?:\*\.)?([^,]+)/.exec(subject)?.[1];
    const row = name === undefined ? 0 : this.#rowOf(name);
    return row === 0 ? 0 : row | (2 << 16);
  }

  /** What the record's word means. */
  row(word: number): ApplicationRow {
    return this.#rows[(word & 0xffff) - 1] as ApplicationRow;
  }

  #rowOf(host: string): number {
    const known = this.#byHost.get(host);
    if (known !== undefined) return known;
    if (this.#byHost.size >= hostsMax) this.#byHost.clear();
    const row = this.#search(host);
    this.#byHost.set(host, row);
    return row;
  }

  /** The longest suffix of whole labels that is in the table. */
  #search(host: string): number {
    if (host.length > hostCharactersMax) return 0;
    const name = host.toLowerCase().replace(/\.$/, "");
    for (let at = 0; at >= 0; at = name.indexOf(".", at) + 1 || -1) {
      const row = this.#bySuffix.get(name.slice(at));
      if (row !== undefined) return row;
    }
    return 0;
  }
}
