import { bufferWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

const on = ["ssh"];

export const sshWords: readonly RuleWord[] = [
  bufferWord("ssh.proto", on, "both", "Protocol version of the greeting: `2.0`.", {
    aliases: ["ssh_proto"],
    from: pathsBySide("ssh", ["client.proto_version"], ["server.proto_version"]),
  }),
  bufferWord("ssh.software", on, "both", "Software of the greeting.", {
    aliases: ["ssh_software"],
    from: pathsBySide("ssh", ["client.software_version"], ["server.software_version"]),
  }),
  bufferWord("ssh.hassh", on, "toServer", "HASSH of the client.", { from: pathsBySide("ssh", ["client.hassh.hash"], []) }),
  bufferWord("ssh.hassh.string", on, "toServer", "Lists that the client's HASSH is made of.", {
    from: pathsBySide("ssh", ["client.hassh.string"], []),
  }),
  bufferWord("ssh.hassh.server", on, "toClient", "HASSH-server of the server.", { from: pathsBySide("ssh", [], ["server.hassh.hash"]) }),
  bufferWord("ssh.hassh.server.string", on, "toClient", "Lists that the server's HASSH is made of.", {
    from: pathsBySide("ssh", [], ["server.hassh.string"]),
  }),
  {
    name: "ssh.protoversion",
    doc: "Protocol version of the greeting as a whole; `2_compat` for both that version 2 can talk to.",
    type: "own",
    protocols: on,
    side: "both",
    from: pathsBySide("ssh", ["client.proto_version"], ["server.proto_version"]),
    read: (argument) => (value) =>
      argument === "2_compat" ? value === "2" || value === "2.0" || value === "1.99" : value === argument || value === `${argument}.0`,
  },
];
