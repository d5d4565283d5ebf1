import { describe, expect, test } from "vitest";
import { ByteView } from "#base/bytes.ts";
import { FAILED, type ParserContext, Probe, type ProtocolDefinition, Side } from "#contract/parser.ts";
import { defaultConfig } from "#schema/config.ts";
import { FileRules } from "./file-rules.ts";
import { FlowStream } from "./flow-stream.ts";
import { ProtocolFinder } from "./protocol-finder.ts";
import type { StreamHost } from "./stream-host.ts";
import { StreamSide } from "./stream-side.ts";
import { quietSegments, testPlatform } from "./testing.ts";

interface Behaviour {
  /** Bytes of a call after which something happens. */
  readonly act?: (context: ParserContext, side: Side, text: string) => number;
  readonly probe?: (text: string) => Probe;
}

/** What was said, in order: `name>bytes` from the client, `name<bytes` from the server, `name.` for an end. */
function conversation(behaviours: Readonly<Record<string, Behaviour>>): { tcp: FlowStream; said: string[]; host: StreamHost } {
  const said: string[] = [];
  const definitions = Object.entries(behaviours).map(
    ([name, behaviour]): ProtocolDefinition => ({
      name,
      transports: ["tcp", "udp"],
      ports: [],
      probe: (_side, view) => {
        const text = String.fromCharCode(...view.bytes.subarray(view.at, view.end));
        return behaviour.probe?.(text) ?? (text.startsWith(name) ? Probe.yes : name.startsWith(text) ? Probe.more : Probe.no);
      },
      create: (context) => ({
        data(side, view) {
          const text = String.fromCharCode(...view.bytes.subarray(view.at, view.end));
          const consumed = behaviour.act?.(context, side, text) ?? text.length;
          if (consumed > 0)
            said.push(`${context.from === undefined ? "" : `${context.from}/`}${name}${side === 0 ? ">" : "<"}${text.slice(0, consumed)}`);
          return consumed;
        },
        gap: () => false,
        end: () => said.push(`${name}.`),
      }),
    }),
  );
  const host: StreamHost = {
    finder: new ProtocolFinder(definitions),
    platform: testPlatform,
    held: { used: 0, max: 1_000_000 },
    window: new ByteView(),
    flowBytesMax: 100_000,
    noSide: new StreamSide(),
    time: 0,
    inspector: undefined,
    onForward: () => undefined,
    files: new FileRules(defaultConfig, testPlatform, 1),
    onTransaction: () => undefined,
    onAnomaly: () => undefined,
    onProtocol: (_slot, protocol) => said.push(`is ${host.finder.name(protocol)}`),
    onOpening: () => undefined,
    onHandOver: (_slot, from) => said.push(`from ${host.finder.name(from)}`),
    onGap: () => undefined,
    onParserBug: (_slot, error) => said.push(`bug ${String(error)}`),
    onParserFailure: () => said.push("failure"),
    onMismatch: (_slot, side, protocol) => said.push(`side ${side} is ${host.finder.name(protocol)}`),
    onDetection: (_slot, _side, event) => said.push(event),
    onExpectation: () => undefined,
  };
  return { tcp: new FlowStream({ ...host, ...quietSegments }, 0, "tcp", 40_000, 9), said, host };
}

const places = [0, 0];
function say(to: FlowStream, side: Side, text: string): void {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const seq = places[side] as number;
  to.segment(side, bytes, new DataView(bytes.buffer), 0, bytes.length, bytes.length, seq);
  places[side] = seq + bytes.length;
  bytes.fill(0xdb);
}

/** Takes bytes up to and with a mark, then hands over. */
const until =
  (mark: string, to?: string) =>
  (context: ParserContext, _side: Side, text: string): number => {
    const end = text.indexOf(mark);
    if (end < 0) return 0;
    context.handOver(to);
    return end + mark.length;
  };

const datagram = (to: FlowStream, text: string): boolean => {
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  return to.datagram(0, bytes, new DataView(bytes.buffer), 0, bytes.length);
};
/** Two datagrams with the same first letter make it sure. */
const behaviours = (): Readonly<Record<string, Behaviour>> => {
  let first = "";
  const act = (_context: ParserContext, _side: Side, text: string): number => {
    const sure = first !== "" && text[0] === first ? text.length : 0;
    const answer = first === "" || sure > 0 ? sure : FAILED;
    first = text[0] as string;
    return answer;
  };
  return { weak: { act, probe: (text) => (text.startsWith("sure") ? Probe.no : Probe.maybe) }, sure: {} };
};

describe("weak evidence in datagrams", () => {
  test.each([
    ["the parser is sure of the second datagram", ["a1", "a2"], ["weak>a2", "is weak", "weak."]],
    ["one datagram makes nothing sure", ["a1"], ["weak."]],
    ["the parser refuses the second, which is another protocol's", ["a1", "sure1"], ["is sure", "sure>sure1", "sure."]],
  ])("%s", (_case, datagrams, expected) => {
    const { said, host } = conversation(behaviours());
    const udp = new FlowStream({ ...host, ...quietSegments }, 0, "udp", 40_000, 9);
    for (const text of datagrams) datagram(udp, text);
    udp.end();
    expect(said).toEqual(expected);
  });
});

const only = (begin: string): Behaviour => ({
  probe: (text) => (text.startsWith(begin) ? Probe.yes : begin.startsWith(text) ? Probe.more : Probe.no),
});

describe("the first bytes of the other side", () => {
  test.each([
    ["are another protocol's", ["GET", "SSH"], ["side 1 is ssh"]],
    ["are its own", ["GET", "GET"], []],
    ["are nothing that is known", ["GET", "what"], []],
    ["are compared once", ["GET", "GET", "SSH"], []],
  ])("%s", (_case, texts, wanted) => {
    const { tcp, said } = conversation({ http: only("GET"), ssh: only("SSH") });
    for (const [index, text] of texts.entries()) say(tcp, index === 0 ? Side.toServer : Side.toClient, text);
    expect(said.filter((one) => one.startsWith("side"))).toEqual(wanted);
  });
});

const handing = (context: ParserContext, _side: Side, text: string): number => {
  if (text.startsWith("start")) return text.length;
  context.handOver();
  return 0;
};

describe("handing over", () => {
  test("a datagram that nothing was taken of is read by the next", () => {
    const { said, host } = conversation({ start: { act: handing }, inside: {} });
    const udp = new FlowStream({ ...host, ...quietSegments }, 0, "udp", 40_000, 9);
    for (const text of ["start1", "inside1", "inside2"]) {
      const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
      expect(udp.datagram(0, bytes, new DataView(bytes.buffer), 0, bytes.length)).toBe(true);
    }
    udp.end();
    expect(said.filter((one) => one.includes(">"))).toEqual(["start>start1", "start/inside>inside1", "start/inside>inside2"]);
  });

  test("what follows on both sides is read by whom it is found to be", () => {
    const { tcp, said, host } = conversation({ start: { act: until("!") }, inside: {} });
    say(tcp, Side.toServer, "start!ins");
    say(tcp, Side.toServer, "ide hello");
    say(tcp, Side.toClient, "answer");
    tcp.end();
    expect(said).toEqual([
      "is start",
      "start>start!",
      "start.",
      "from start",
      "is inside",
      "start/inside>inside hello",
      "start/inside<answer",
      "inside.",
    ]);
    expect(host.held.used).toBe(0);
  });

  test.each([
    ["is TLS", "\u0016\u0003", ["tls>\u0016\u0003"]],
    ["is something else, which is found by content", "insane", ["no_tls_after_starttls", "inside>insane"]],
  ])("what follows STARTTLS %s", (_case, text, wanted) => {
    const tls = only("\u0016\u0003");
    const { tcp, said } = conversation({ start: { act: until("!", "tls") }, inside: only("in"), tls });
    say(tcp, Side.toServer, "start!");
    say(tcp, Side.toServer, text);
    expect(
      said.filter((one) => one === "no_tls_after_starttls" || one.startsWith("start/")).map((one) => one.replace("start/", "")),
    ).toEqual(wanted);
  });

  test("a protocol that was named is not looked for", () => {
    const { tcp, said } = conversation({ start: { act: until("!", "silent") }, silent: { probe: () => Probe.no } });
    say(tcp, Side.toServer, "start!xyz");
    expect(said).toEqual(["is start", "start>start!", "start.", "from start", "is silent", "start/silent>xyz"]);
  });

  test("what nobody recognises keeps the name that it began with", () => {
    const { tcp, said } = conversation({ start: { act: until("!") } });
    say(tcp, Side.toServer, "start!");
    say(tcp, Side.toServer, "????");
    say(tcp, Side.toClient, "????");
    expect(said).toEqual(["is start", "start>start!", "start.", "from start"]);
    expect(tcp.done).toBe(true);
  });

  test("it does not go on for ever", () => {
    const { tcp, said } = conversation({ a: { act: until("a", "a") } });
    say(tcp, Side.toServer, "a".repeat(50));
    expect(tcp.done).toBe(true);
    expect(said.filter((text) => text === "a>a" || text === "a/a>a")).toHaveLength(5);
  });
});

describe("streams inside", () => {
  test("another parser reads what is unwrapped, and keeps what it has not consumed", () => {
    const inner: { data(side: Side, bytes: Uint8Array, from: number, to: number): void; end(): void }[] = [];
    const { tcp, said } = conversation({
      outer: {
        act: (context, side, text) => {
          inner[0] ??= context.inner() as (typeof inner)[0];
          const bytes = Uint8Array.from(text.replace("outer", ""), (letter) => letter.charCodeAt(0));
          inner[0]?.data(side, bytes, 0, bytes.length);
          return text.length;
        },
      },
      word: {},
    });
    say(tcp, Side.toServer, "outerwo");
    say(tcp, Side.toServer, "rd one");
    inner[0]?.end();
    tcp.end();
    expect(said).toEqual(["is outer", "outer>outerwo", "outer/word>word one", "outer>rd one", "word.", "outer."]);
  });

  test("nesting has an end", () => {
    let depth = 0;
    const { tcp } = conversation({
      deep: {
        act: (context, side, text) => {
          const stream = context.inner("deep");
          const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
          depth++;
          stream?.data(side, bytes, 0, bytes.length);
          return text.length;
        },
      },
    });
    say(tcp, Side.toServer, "deep");
    expect(depth).toBe(4);
  });
});

describe("weak evidence", () => {
  const weak = { weak: { probe: (): Probe => Probe.maybe }, strong: {} };

  test("counts when nobody else says yes", () => {
    const { tcp, said } = conversation(weak);
    say(tcp, Side.toServer, "else");
    expect(said[0]).toBe("is weak");
  });

  test("waits for who may still say yes", () => {
    const { tcp, said } = conversation(weak);
    say(tcp, Side.toServer, "str");
    say(tcp, Side.toServer, "ong");
    expect(said[0]).toBe("is strong");
  });

  test("counts at the end when no more bytes come", () => {
    const { tcp, said } = conversation(weak);
    say(tcp, Side.toServer, "str");
    tcp.end();
    expect(said).toEqual(["is weak", "weak>str", "weak."]);
  });
});
