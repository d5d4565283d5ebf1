import { definePlugin } from "#contract/plugin.ts";
import { smbKind } from "./facts.ts";
import { SmbParser } from "./parser.ts";
import { probe } from "./probe.ts";
import { smbWords } from "./words.ts";

export default definePlugin({
  name: "smb",
  summary: "Windows file sharing, SMB 1 to 3: logons, shares, files, pipes with their remote procedure calls.",
  needs: ["dcerpc", "kerberos", "ntlm"],
  kinds: [smbKind],
  words: smbWords,
  protocols: [{ name: "smb", transports: ["tcp"], ports: [445, 139], encrypts: true, probe, create: (context) => new SmbParser(context) }],
});
