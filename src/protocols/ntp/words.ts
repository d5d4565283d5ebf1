import { bufferWord, integerWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["ntp"];

/** RFC 5905 §3. */
const modes: Readonly<Record<string, number>> = {
  reserved: 0,
  symmetric_active: 1,
  symmetric_passive: 2,
  client: 3,
  server: 4,
  broadcast: 5,
  control: 6,
  private: 7,
};

export const ntpWords: readonly RuleWord[] = [
  integerWord("ntp.version", on, "both", "Version.", { from: pathsIn("ntp", "version") }),
  integerWord("ntp.mode", on, "both", "What the sender is: client, server …", { from: pathsIn("ntp", "mode"), numbers: modes }),
  integerWord("ntp.stratum", on, "both", "Steps from a reference clock.", { from: pathsIn("ntp", "stratum") }),
  bufferWord("ntp.reference_id", on, "both", "What the clock follows, four bytes.", {
    from: pathsIn("ntp", "reference_id"),
    encoding: "hex",
  }),
];
