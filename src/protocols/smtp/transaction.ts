import type { FileSink, Transaction } from "#contract/parser.ts";
import type { Email } from "#protocols/mime/email.ts";
import { MessageReader } from "#protocols/mime/message-reader.ts";

const recipientsMax = 100;
/** Characters of an address or name; the rest is cut. */
const textCharactersMax = 512;

const short = (text: string): string => text.slice(0, textCharactersMax);

/** What a connection is known by: told with each of its transactions. */
export interface Session {
  helo: string | undefined;
  auth: string | undefined;
  user: string | undefined;
  accepted: boolean | undefined;
}

/** One mail, from the first command to the answer to its last. */
export class Mail {
  readonly number: number;
  readonly session: Session;
  banner: string | undefined = undefined;
  mailFrom: string | undefined = undefined;
  readonly recipients: string[] = [];
  #recipientCount = 0;
  replyCode = 0;
  reply = "";
  starttls = false;
  /** The client has said all that belongs to it. */
  over = false;
  told = false;
  size = 0;
  message: MessageReader | undefined = undefined;
  email: Email | undefined = undefined;

  constructor(number: number, session: Session) {
    this.number = number;
    this.session = session;
  }

  addRecipient(recipient: string): void {
    this.#recipientCount++;
    if (this.recipients.length < recipientsMax) this.recipients.push(short(recipient));
  }

  /** The message begins. */
  begin(file: (name: string | undefined) => FileSink, anomaly: (event: string) => void): MessageReader {
    this.message = new MessageReader({ file, anomaly });
    this.email = this.message.email;
    return this.message;
  }

  /** The `smtp` object. */
  event(): Transaction {
    const { session } = this;
    const fields: Transaction = {};
    if (session.helo !== undefined) fields["helo"] = short(session.helo);
    if (this.mailFrom !== undefined) fields["mail_from"] = short(this.mailFrom);
    if (this.recipients.length > 0) fields["rcpt_to"] = [...this.recipients];
    if (this.#recipientCount > this.recipients.length) fields["recipients"] = this.#recipientCount;
    if (this.banner !== undefined) fields["banner"] = short(this.banner);
    if (session.auth !== undefined) fields["auth"] = session.auth;
    if (session.user !== undefined) fields["user"] = session.user;
    if (session.accepted !== undefined) fields["auth_success"] = session.accepted;
    if (this.email !== undefined) fields["size"] = this.size;
    if (this.replyCode > 0) {
      fields["reply_code"] = this.replyCode;
      fields["reply"] = short(this.reply);
    }
    if (this.starttls) fields["starttls"] = true;
    return fields;
  }

  /** `email` beside it, when a message was sent. */
  beside(): { readonly [member: string]: Transaction } | undefined {
    return this.email === undefined ? undefined : { email: this.email.event() };
  }
}
