import { type ByteView, latin1 } from "#base/bytes.ts";
import { looseText } from "#base/loose-text.ts";
import { FAILED, type Parser, type ParserContext, Probe, type Side, type Transaction } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { defineKind, integer, type Kind, object, optional, text } from "#schema/field.ts";

const mgcpKind: Kind = defineKind({
  name: "mgcp",
  summary: "A command to a media gateway, or its answer (MGCP).",
  fields: {
    mgcp: object("The message.", {
      verb: optional(text("Command: `CRCX`, `NTFY` …")),
      code: optional(integer("Status of an answer.")),
      comment: optional(text("Status in words.")),
      transaction_id: integer("Number that command and answer share."),
      endpoint: optional(text("End point: `aaln/1@gw.example.com`.")),
      version: optional(text("Version: `1.0`.")),
      call_id: optional(text("Number of the call.")),
      connection_id: optional(text("Number of the connection.")),
    }),
  },
  columns: [
    { name: "verb", path: "mgcp.verb", type: "text", doc: "Command.", index: true },
    { name: "endpoint", path: "mgcp.endpoint", type: "text", doc: "End point." },
    { name: "code", path: "mgcp.code", type: "integer", doc: "Status of an answer." },
  ],
});

const headBytes = 256;
const messageBytesMax = 4096;
const COMMAND = /^([A-Z]{4}) (\d{1,9}) (\S{1,255}) MGCP (\d\.\d)[^\r\n]*\r?\n?/i;
const ANSWER = /^(\d{3}) (\d{1,9})(?: (?:\/\S+ ?)?([^\r\n]*))?\r?\n?/;

/** Reads a flow of datagrams: a `mgcp` event for each message; several may share one, a dot between them. */
class MgcpParser implements Parser {
  readonly #context: ParserContext;
  #transactions = 0;

  constructor(context: ParserContext) {
    this.#context = context;
  }

  data(side: Side, { bytes, at, end }: ByteView): number {
    let told = 0;
    for (const message of looseText(bytes, at, Math.min(end, at + messageBytesMax)).split(/\r?\n\.\r?\n/)) {
      const fields = readMessage(message);
      if (fields === undefined) continue;
      told++;
      this.#context.emit("mgcp", side, this.#transactions++, fields);
    }
    return told > 0 ? end - at : FAILED;
  }

  gap(): boolean {
    return true;
  }

  end(): void {}
}

function readMessage(message: string): Transaction | undefined {
  const command = COMMAND.exec(message);
  const answer = command === null ? ANSWER.exec(message) : null;
  if (command === null && answer === null) return undefined;
  const told: Transaction =
    command === null
      ? { code: Number(answer?.[1]), transaction_id: Number(answer?.[2]), comment: answer?.[3] ?? "" }
      : { verb: command[1], transaction_id: Number(command[2]), endpoint: command[3], version: command[4] };
  const call = /^C: *(\S{1,64})/im.exec(message)?.[1];
  if (call !== undefined) told["call_id"] = call;
  const connection = /^I: *(\S{1,64})/im.exec(message)?.[1];
  if (connection !== undefined) told["connection_id"] = connection;
  return told;
}

function probe({ bytes, at, end }: ByteView, usualPort: boolean): Probe {
  const first = end > at ? (bytes[at] as number) : 0;
  if (first < 0x30 || first > 0x7a) return Probe.no;
  const head = latin1(bytes, at, Math.min(end, at + headBytes));
  return COMMAND.test(head) || (usualPort && ANSWER.test(head)) ? Probe.yes : Probe.no;
}

export default definePlugin({
  name: "mgcp",
  summary: "Media gateways (MGCP): commands and answers.",
  kinds: [mgcpKind],
  protocols: [
    {
      name: "mgcp",
      depth: "header",
      transports: ["udp"],
      ports: [2427, 2727],
      probe: (_side, view, usualPort) => probe(view, usualPort),
      create: (context) => new MgcpParser(context),
    },
  ],
});
