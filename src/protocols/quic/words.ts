import { bufferWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["quic"];

export const quicWords: readonly RuleWord[] = [
  bufferWord("quic.version", on, "both", "Version of the packet, its four bytes: `|00 00 00 01|`, `Q046`."),
  bufferWord("quic.sni", on, "toServer", "Server name that the client asked for.", { encoding: "latin1", from: pathsIn("quic", "sni") }),
  bufferWord("quic.ua", on, "toServer", "Software of the client, where it tells (Google).", { from: pathsIn("quic", "ua") }),
  bufferWord("quic.cyu.hash", on, "toServer", "CYU fingerprint of a client of Google QUIC.", {
    several: true,
    from: pathsIn("quic", "cyu[].hash"),
  }),
  bufferWord("quic.cyu.string", on, "toServer", "Lists that the CYU is made of.", { several: true, from: pathsIn("quic", "cyu[].string") }),
];
