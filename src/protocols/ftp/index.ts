import { Probe } from "#contract/parser.ts";
import { definePlugin } from "#contract/plugin.ts";
import { FtpDataParser } from "./data-parser.ts";
import { ftpDataKind, ftpKind } from "./facts.ts";
import { FtpParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { ftpWords } from "./words.ts";

export default definePlugin({
  name: "ftp",
  summary: "FTP: commands, answers, the files on its data connections.",
  kinds: [ftpKind, ftpDataKind],
  words: ftpWords,
  protocols: [
    { name: "ftp", transports: ["tcp"], ports: [21, 2121], probe, create: (context) => new FtpParser(context) },
    // Known only from the control connection.
    { name: "ftp-data", transports: ["tcp"], ports: [], probe: () => Probe.no, create: (context) => new FtpDataParser(context) },
  ],
});
