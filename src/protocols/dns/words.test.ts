import { describe, expect, test } from "vitest";
import { fromHex } from "#base/bytes.ts";
import type { ProtocolDefinition } from "#contract/parser.ts";
import { drive } from "#test/protocol/drive.ts";
import { RecordingTap, valuesInEvents } from "#test/protocol/word-values.ts";
import plugin from "./index.ts";
import { dnsWords } from "./words.ts";

const dns = plugin.protocols?.find(({ name, transports }) => name === "dns" && transports.includes("udp")) as ProtocolDefinition;

const name = (text: string): string =>
  [...text.split(".").map((label) => label.length.toString(16).padStart(2, "0") + Buffer.from(label).toString("hex")), "00"].join("");
const question = `${name("www.Example.com")}00010001`;
const target = name("web.example.net");
const record = `c00c0005000100000078${(target.length / 2).toString(16).padStart(4, "0")}${target}`;

/** A query, and the answer that the name does not exist but is an alias. */
const query = fromHex(`123401000001000000000000${question}`);
const answer = fromHex(`123481830001000100000000${question}${record}`);

describe("words about names", () => {
  const rules = new RecordingTap();
  const { events } = drive(
    dns,
    [
      [0, query],
      [1, answer],
    ],
    { rules },
  );
  const valuesOf = (word: string) => {
    const declared = dnsWords.find((one) => one.name === word);
    if (declared === undefined) throw new Error(`no word ${word}`);
    return declared.from === undefined ? rules.values.get(word) : valuesInEvents(declared, events);
  };

  test.each([
    ["dns.query", [[0, 0, "www.Example.com"]]],
    [
      "dns.queries.rrname",
      [
        [0, 0, "www.Example.com"],
        [1, 0, "www.Example.com"],
      ],
    ],
    ["dns.answers.rrname", [[1, 0, "www.Example.com"]]],
    [
      "dns.response.rrname",
      [
        [1, 0, "www.Example.com"],
        [1, 0, "www.Example.com"],
        [1, 0, "web.example.net"],
      ],
    ],
    [
      "dns.opcode",
      [
        [0, 0, 0],
        [1, 0, 0],
      ],
    ],
    [
      "dns.rcode",
      [
        [0, 0, 3],
        [1, 0, 3],
      ],
    ],
    [
      "dns.rrtype",
      [
        [0, 0, 1],
        [1, 0, 1],
      ],
    ],
  ])("%s", (word, values) => expect(valuesOf(word)).toEqual(values));
});
