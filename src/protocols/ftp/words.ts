import { bufferWord, integerWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

const on = ["ftp"];
const asked = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ftp", paths, []) });
const answered = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ftp", [], paths) });

export const ftpWords: readonly RuleWord[] = [
  bufferWord("ftp.command", on, "toServer", "Command: `RETR`.", asked("command")),
  bufferWord("ftp.command_data", on, "toServer", "What stands behind the command; not that of PASS and ADAT.", asked("command_data")),
  bufferWord("ftp.reply", on, "toClient", "A line of the answer, without its code.", { several: true, ...answered("reply[]") }),
  bufferWord("ftp.completion_code", on, "toClient", "A code of the answer: `226`.", { several: true, ...answered("completion_code[]") }),
  integerWord("ftp.reply_received", on, "both", "`yes` when there was an answer.", {
    from: pathsBySide("ftp", ["reply_received"], ["reply_received"]),
    numbers: { no: 0, yes: 1, false: 0, true: 1 },
  }),
  integerWord("ftp.dynamic_port", on, "both", "Port of the data connection that is agreed on.", {
    from: pathsBySide("ftp", ["dynamic_port"], ["dynamic_port"]),
  }),
  {
    name: "ftp.mode",
    doc: "Who opens the data connection: `active` (the server) or `passive` (the client).",
    type: "text",
    protocols: on,
    side: "both",
    from: pathsBySide("ftp", ["mode"], ["mode"]),
  },
  integerWord("ftpdata_command", ["ftp-data"], "both", "Command that the data connection serves: `retr` or `stor`.", {
    aliases: ["ftpdata.command"],
    from: pathsBySide("ftp_data", ["command"], ["command"]),
    numbers: { retr: 1, stor: 2 },
  }),
];
