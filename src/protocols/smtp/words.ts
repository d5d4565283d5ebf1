import { bufferWord, frameWord, pathsIn, type RuleWord, type RuleWordPath } from "#schema/rule-word.ts";

const smtp = (name: string, doc: string, path: string, more: Partial<RuleWord> = {}): RuleWord =>
  bufferWord(name, ["smtp"], "toServer", doc, { from: pathsIn("smtp", path), ...more });

/** Mail that is handed in goes to the server, mail that is fetched comes from it. */
const mail = (path: string): readonly RuleWordPath[] => [
  { kind: "smtp", path: `/email.${path}` },
  { kind: "imap", path: `/email.${path}`, side: "toClient" },
  { kind: "pop3", path: `/email.${path}`, side: "toClient" },
];
const email = (name: string, doc: string, path: string, more: Partial<RuleWord> = {}): RuleWord =>
  bufferWord(name, ["smtp", "imap", "pop3"], "both", doc, { from: mail(path), ...more });
const several: Partial<RuleWord> = { several: true };

export const smtpWords: readonly RuleWord[] = [
  smtp("smtp.helo", "Name that the client gave itself.", "helo"),
  smtp("smtp.mail_from", "Sender of the envelope.", "mail_from"),
  smtp("smtp.rcpt_to", "A recipient of the envelope.", "rcpt_to[]", several),
  frameWord("smtp.command_line", ["smtp"], "toServer", "A command with the end of its line."),
  frameWord("smtp.response_line", ["smtp"], "toClient", "A line of a reply with its end."),
  email("email.from", "From of a message.", "from"),
  email("email.to", "An address in To of a message.", "to[]", several),
  email("email.cc", "An address in Cc of a message.", "cc[]", several),
  email("email.subject", "Subject of a message.", "subject"),
  email("email.date", "Date of a message.", "date"),
  email("email.message_id", "Message-ID of a message.", "message_id"),
  email("email.x_mailer", "X-Mailer of a message.", "x_mailer"),
  email("email.url", "An address in a message's text, without its scheme.", "url[]", several),
  email("email.received", "A relay that a message came by.", "received[]", several),
];
