import type { Transaction } from "#contract/parser.ts";
import { readableValue } from "./encoded-text.ts";
import { addressList } from "./header-value.ts";

const addressesMax = 100;
const receivedMax = 16;
const attachmentsMax = 64;
const urlsMax = 64;
const urlCharactersMax = 1024;
/** Longest name of a file; the rest is cut, as Suricata does. */
export const fileNameCharactersMax = 255;

/** Members of the event that are told as they stand, by the name of their header. */
const PLAIN = new Map([
  ["from", "from"],
  ["subject", "subject"],
  ["date", "date"],
  ["message-id", "message_id"],
  ["in-reply-to", "in_reply_to"],
  ["references", "references"],
  ["reply-to", "reply_to"],
  ["x-mailer", "x_mailer"],
  ["user-agent", "user_agent"],
  ["x-originating-ip", "x_originating_ip"],
  ["importance", "importance"],
  ["priority", "priority"],
  ["sensitivity", "sensitivity"],
  ["organization", "organization"],
  ["content-md5", "content_md5"],
]);

const LINK = /\b(https?|ftp):\/\/([^\s"'<>()[\]{}\\^`|]+)/gi;

/** What is told of one message. */
export class Email {
  status = "HEADER_STARTED";
  contentType = "";
  truncated = false;
  readonly #plain: Transaction = {};
  readonly #lists: { [name in "to" | "cc" | "bcc" | "received"]: string[] } = { to: [], cc: [], bcc: [], received: [] };
  readonly #attachments: string[] = [];
  readonly #urls: string[] = [];
  readonly #links: string[] = [];

  /** A field of the outermost header. Of several with one name the first counts. */
  field(name: string, value: string): void {
    const plain = PLAIN.get(name);
    if (plain !== undefined) {
      this.#plain[plain] ??= readableValue(value);
      return;
    }
    if (name === "received") {
      if (this.#lists.received.length < receivedMax) this.#lists.received.push(readableValue(value));
      else this.truncated = true;
    } else if (name === "to" || name === "cc" || name === "bcc") {
      const list = this.#lists[name];
      const room = addressesMax - list.length;
      const found = addressList(value, room + 1);
      if (found.length > room) this.truncated = true;
      list.push(...found.slice(0, room));
    }
  }

  attachment(name: string): void {
    if (this.#attachments.length < attachmentsMax) this.#attachments.push(name);
    else this.truncated = true;
  }

  /** Looks for addresses in a part's text. */
  text(text: string): void {
    for (const [, scheme, rest] of text.matchAll(LINK)) {
      const plain = (scheme as string).toLowerCase() === "http";
      const list = plain ? this.#urls : this.#links;
      const found = (rest as string).slice(0, urlCharactersMax).replace(/[.,;:!?]+$/, "");
      const link = plain ? found : `${(scheme as string).toLowerCase()}://${found}`;
      if (found === "" || list.includes(link)) continue;
      if (list.length < urlsMax) list.push(link);
      else this.truncated = true;
    }
  }

  /** The members of the event, Suricata's first. */
  event(): Transaction {
    const fields: Transaction = { status: this.status };
    const add = (name: string, list: readonly string[]): void => {
      if (list.length > 0) fields[name] = [...list];
    };
    const { from, ...others } = this.#plain;
    if (from !== undefined) fields["from"] = from;
    add("to", this.#lists.to);
    add("cc", this.#lists.cc);
    add("bcc", this.#lists.bcc);
    Object.assign(fields, others);
    add("received", this.#lists.received);
    if (this.contentType !== "") fields["content_type"] = this.contentType;
    add("attachment", this.#attachments);
    // The last of the text comes first, as Suricata tells them.
    add("url", this.#urls.toReversed());
    add("links", this.#links);
    if (this.truncated) fields["truncated"] = true;
    return fields;
  }
}
