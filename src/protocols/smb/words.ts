import { bufferWord, ownWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

const on = ["smb"];
const asked = (name: string, old: string, doc: string, ...paths: readonly string[]): RuleWord =>
  bufferWord(name, on, "toServer", doc, { aliases: [old], from: pathsBySide("smb", paths, []) });

/** Commands are told by the version that has them. */
function readVersion(argument: string): ((value: unknown) => boolean) | string {
  const wanted = /^\s*([12])\s*$/.exec(argument)?.[1];
  return wanted === undefined
    ? "it takes 1 or 2; 3 is a dialect of 2"
    : (value) => typeof value === "string" && value.startsWith(`SMB${wanted}_`);
}

export const smbWords: readonly RuleWord[] = [
  asked("smb.named_pipe", "smb_named_pipe", "Share of pipes that is connected to.", "named_pipe"),
  asked("smb.share", "smb_share", "Share that is connected to.", "share"),
  asked("smb.ntlmssp_user", "smb_ntlmssp_user", "User who logs on with NTLM.", "ntlmssp.user"),
  asked("smb.ntlmssp_domain", "smb_ntlmssp_domain", "Domain of who logs on with NTLM.", "ntlmssp.domain"),
  ownWord("smb.version", on, "both", "Version of the message: 1 or 2.", readVersion, {
    from: pathsBySide("smb", ["command"], ["command"]),
  }),
];
