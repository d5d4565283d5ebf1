import { bufferWord, integerWord, type RuleWord } from "#schema/rule-word.ts";

const on = ["websocket"];

export const websocketWords: readonly RuleWord[] = [
  integerWord("websocket.opcode", on, "both", "Kind of the frame.", {
    numbers: { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 },
  }),
  integerWord("websocket.mask", on, "both", "Key that the payload is masked with."),
  {
    name: "websocket.flags",
    doc: "Bits of the frame's first byte.",
    type: "flags",
    protocols: on,
    side: "both",
    numbers: { fin: 0x80, comp: 0x40 },
  },
  bufferWord("websocket.payload", on, "both", "Payload of the frame, unmasked and decompressed."),
];
