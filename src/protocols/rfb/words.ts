import { bufferWord, integerWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

const on = ["rfb"];

export const rfbWords: readonly RuleWord[] = [
  bufferWord("rfb.name", on, "toClient", "Name of the desktop.", { from: pathsBySide("rfb", [], ["framebuffer.name"]) }),
  integerWord("rfb.sectype", on, "toServer", "How the client proves who it is: 1 not at all, 2 by a password.", {
    from: pathsBySide("rfb", ["authentication.security_type"], []),
  }),
  integerWord("rfb.secresult", on, "toClient", "Whether that succeeded.", {
    from: pathsBySide("rfb", [], ["authentication.security_result"]),
    numbers: { ok: 0, fail: 1, toomany: 2 },
  }),
];
