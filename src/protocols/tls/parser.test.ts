import { describe, expect, test } from "vitest";
import { FAILED, FINISHED } from "#contract/parser.ts";
import { testPlatform } from "#test/protocol/drive.ts";
import { CLIENT, drive, SERVER, type Step } from "./driver.common.ts";
import {
  alpn,
  changeCipherSpec,
  clientHello,
  extension,
  message,
  opaqueRecord,
  RETRY_RANDOM,
  record,
  serverHello,
  serverName,
  TLS13_EXTENSION,
  u24,
} from "./samples.common.ts";

const platform = testPlatform;

const NAME = "www.example.test";
const hello = message(1, clientHello({ extensions: serverName(NAME) + alpn("h2") }));
const HELLO = record(22, hello);
const ANSWER12 = record(22, message(2, serverHello()), 0x0303);
const ANSWER13 = record(22, message(2, serverHello({ ciphers: [0x1301], extensions: TLS13_EXTENSION })), 0x0303);
const RETRY = record(22, message(2, serverHello({ ciphers: [0x1301], random: RETRY_RANDOM, extensions: TLS13_EXTENSION })), 0x0303);
const DONE = record(22, message(14, ""), 0x0303);
const KEY = record(22, message(16, "00".repeat(40)), 0x0303);
/** A hello with a cookie, as it comes after a HelloRetryRequest. */
const SECOND = record(22, message(1, clientHello({ extensions: serverName(NAME) + alpn("h2") + extension(44, "00") })), 0x0303);
const ENCRYPTED_FINISHED = record(22, "77".repeat(40), 0x0303);

type Row = [sentence: string, steps: Step[], events: readonly object[], anomalies?: readonly string[]];

describe("what is told", () => {
  test.each<Row>([
    ["a hello without an answer is told at the end", [[CLIENT, HELLO]], [{ sni: NAME, version: "UNDETERMINED", client_alpns: ["h2"] }]],
    [
      "TLS 1.3 is told with the answer",
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER13],
      ],
      [{ sni: NAME, version: "TLS 1.3", cipher: "TLS_AES_128_GCM_SHA256" }],
    ],
    [
      "the answer of the server before its question (asymmetric capture)",
      [
        [SERVER, ANSWER13 + changeCipherSpec + opaqueRecord()],
        [CLIENT, HELLO],
      ],
      [{ sni: NAME, version: "TLS 1.3" }],
    ],
    ["an answer alone", [[SERVER, ANSWER12]], [{ version: "TLS 1.2", ja3s: { string: "771,49199," } }]],
    ["application data alone tells nothing", [[CLIENT, opaqueRecord().repeat(6)]], []],
    [
      "client and server on the sides that the flow did not expect",
      [
        [SERVER, HELLO],
        [CLIENT, ANSWER13],
      ],
      [{ sni: NAME, version: "TLS 1.3" }],
    ],
    [
      "a resumed session: no certificate before the server's ChangeCipherSpec",
      [
        [CLIENT, record(22, message(1, clientHello({ session: "aa".repeat(32) })))],
        [SERVER, record(22, message(2, serverHello({ session: "aa".repeat(32) }))) + changeCipherSpec + ENCRYPTED_FINISHED],
      ],
      [{ session_resumed: true, version: "TLS 1.2" }],
    ],
    [
      "a fatal alert in answer to the hello",
      [
        [CLIENT, HELLO],
        [SERVER, record(21, "0228")],
      ],
      [{ sni: NAME, alert: "handshake_failure", version: "UNDETERMINED" }],
    ],
    [
      "a warning alert ends nothing",
      [
        [CLIENT, HELLO],
        [SERVER, record(21, "0170") + ANSWER13],
      ],
      [{ version: "TLS 1.3" }],
    ],
    [
      "early data behind the hello does not hide the answer",
      [
        [CLIENT, HELLO + changeCipherSpec + opaqueRecord(200).repeat(5)],
        [SERVER, ANSWER13],
      ],
      [{ sni: NAME, version: "TLS 1.3" }],
    ],
    [
      "the server's hello is missing, its data is not",
      [
        [CLIENT, HELLO],
        [SERVER, 2000],
        [SERVER, opaqueRecord().repeat(3)],
      ],
      [{ sni: NAME, version: "UNDETERMINED" }],
    ],
    [
      "TLS 1.2 in which the server's flight is told when the client goes on",
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER12 + DONE],
        [CLIENT, KEY + changeCipherSpec + ENCRYPTED_FINISHED],
      ],
      [{ sni: NAME, version: "TLS 1.2" }],
    ],
    [
      "an answer that is no TLS",
      [
        [CLIENT, HELLO],
        [SERVER, "485454502f312e3120343030"],
      ],
      [{ sni: NAME }],
      ["INVALID_RECORD_TYPE"],
    ],
    [
      "a hello of SSL 2.0 that offers TLS",
      [[CLIENT, `802e0103010015000000100000390000350000050000040100800000ffaabbcc${"5c".repeat(17)}`]],
      [{ version: "UNDETERMINED" }],
    ],
    ["a name in a hello whose end is missing", [[CLIENT, HELLO.slice(0, -8)]], [{ sni: NAME }]],
    ["an unreadable hello is an anomaly", [[CLIENT, record(22, message(1, "0303"))]], [], ["HANDSHAKE_INVALID_LENGTH"]],
  ])("%s", (_case, steps, events, anomalies = []) => {
    const outcome = drive(steps, platform);
    expect(outcome.events).toMatchObject(events);
    expect(outcome.events).toHaveLength(events.length);
    expect(outcome.anomalies).toEqual(anomalies);
  });

  test("the flow's sides do not matter: the event belongs to the side that said hello", () => {
    expect(
      drive(
        [
          [SERVER, HELLO],
          [CLIENT, ANSWER13],
        ],
        platform,
      ).places,
    ).toEqual(["tls 1 0"]);
  });

  test("after a HelloRetryRequest both hellos are told when they differ, with numbers of their own", () => {
    const outcome = drive(
      [
        [CLIENT, HELLO],
        [SERVER, RETRY + changeCipherSpec],
        [CLIENT, changeCipherSpec + SECOND],
        [SERVER, ANSWER13],
      ],
      platform,
    );
    expect(outcome.places).toEqual(["tls 0 0", "tls 0 1"]);
    expect(outcome.events).toMatchObject([
      { version: "UNDETERMINED", hello_retry: true },
      { version: "TLS 1.3", hello_retry: true },
    ]);
    expect(new Set(outcome.events.map((event) => event["ja4"])).size).toBe(2);
  });

  test("a second hello that says the same is told once", () => {
    const outcome = drive(
      [
        [CLIENT, HELLO],
        [SERVER, RETRY + changeCipherSpec],
        [CLIENT, changeCipherSpec + HELLO],
        [SERVER, ANSWER13],
      ],
      platform,
    );
    expect(outcome.events).toMatchObject([{ version: "TLS 1.3", hello_retry: true }]);
  });
});

describe("when it ends", () => {
  test.each<[string, Step[], number]>([
    [
      "finished with the answer of TLS 1.3",
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER13],
      ],
      FINISHED,
    ],
    [
      "finished when the client encrypts",
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER12],
        [CLIENT, changeCipherSpec],
      ],
      FINISHED,
    ],
    ["finished when nothing but data is seen", [[CLIENT, opaqueRecord().repeat(4)]], FINISHED],
    [
      "failed when a record is none",
      [
        [CLIENT, HELLO],
        [SERVER, "00".repeat(20)],
      ],
      FAILED,
    ],
    [
      "failed when a record is too long",
      [
        [CLIENT, HELLO],
        [SERVER, "170303ffff"],
      ],
      FAILED,
    ],
  ])("%s", (_case, steps, last) => expect(drive(steps, platform).last).toBe(last));
});

describe("gaps", () => {
  const wide = message(1, clientHello({ extensions: serverName(NAME) + extension(21, "00".repeat(900)) }));

  test.each<Row>([
    [
      "inside the data of an encrypted record",
      [
        [CLIENT, HELLO],
        [SERVER, opaqueRecord(1000).slice(0, 400)],
        [SERVER, 805],
        [SERVER, ANSWER13],
      ],
      [{ version: "TLS 1.3" }],
    ],
    [
      "inside a message that nobody reads",
      [
        [CLIENT, HELLO],
        [SERVER, record(22, message(22, "00".repeat(100)) + message(2, serverHello())).slice(0, 60)],
        [SERVER, 79],
        [SERVER, record(22, message(22, "00".repeat(100)) + message(2, serverHello())).slice(60 + 158)],
      ],
      [{ version: "TLS 1.2" }],
    ],
    [
      "inside the hello: the name came before it",
      [
        [CLIENT, record(22, wide).slice(0, 300)],
        [CLIENT, 500],
      ],
      [{ sni: NAME }],
    ],
    [
      "that swallows a record's end: going on at the next sound header",
      [
        [CLIENT, HELLO],
        [SERVER, record(22, message(12, "00".repeat(90)), 0x0303).slice(0, 20)],
        [SERVER, 300],
        [SERVER, ANSWER13],
      ],
      [{ version: "TLS 1.3" }],
    ],
    [
      "behind which no record begins: told at once",
      [
        [CLIENT, HELLO],
        [SERVER, 300],
        [SERVER, "00".repeat(40)],
      ],
      [{ sni: NAME, version: "UNDETERMINED" }],
    ],
    [
      "on both sides",
      [
        [CLIENT, 300],
        [CLIENT, "00".repeat(40)],
        [SERVER, 300],
        [SERVER, "00".repeat(40)],
      ],
      [],
    ],
  ])("%s", (_case, steps, events) => {
    const outcome = drive(steps, platform);
    expect(outcome.events).toMatchObject(events);
    expect(outcome.events).toHaveLength(events.length);
    expect(outcome.anomalies).toEqual([]);
  });
});

describe("limits", () => {
  test("a client that says hello a hundred times in other words is told four times", () => {
    const hellos = Array.from({ length: 100 }, (_, i) => record(22, message(1, clientHello({ extensions: serverName(`h${i}`) })))).join("");
    const outcome = drive([[CLIENT, hellos]], platform);
    expect(outcome.events.map((event) => event["sni"])).toEqual(["h0", "h1", "h2", "h3"]);
    expect(outcome.last).toBe(FINISHED);
  });

  test("a message longer than 256 KiB is stepped over", () => {
    const long = `0b${u24(300_000)}${"00".repeat(300_000)}`;
    let records = "";
    for (let at = 0; at < long.length; at += 32_000) records += record(22, long.slice(at, at + 32_000), 0x0303);
    const outcome = drive(
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER12 + records + DONE],
        [CLIENT, KEY],
      ],
      platform,
    );
    expect(outcome.events).toMatchObject([{ sni: NAME, version: "TLS 1.2" }]);
    expect(outcome.events[0]).not.toHaveProperty("fingerprint");
  });

  test("of a chain with 40 certificates 16 are told", () => {
    const chain = `${u24(5)}3003020100`.repeat(40);
    const certificates = record(22, message(11, u24(chain.length / 2) + chain), 0x0303);
    const outcome = drive(
      [
        [CLIENT, HELLO],
        [SERVER, ANSWER12 + certificates],
        [CLIENT, KEY],
      ],
      platform,
    );
    expect(outcome.events[0]?.["cert_chain"]).toHaveLength(15);
    expect(outcome.anomalies).toEqual(["CERTIFICATE_INVALID_DER"]);
  });
});
