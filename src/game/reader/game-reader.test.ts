import { expect, test } from "vitest";
import { bodies } from "#capture/scenario/lantern/bodies.ts";
import { LanternHost } from "#capture/scenario/lantern/host.ts";
import { lanternCatalog } from "#capture/scenario/lantern/layouts.ts";
import { LanternSender, Opcode } from "#capture/scenario/lantern/packet.ts";
import type { Forwarded, ForwardedEvent } from "#contract/forward.ts";
import type { DecryptResult, GamePluginHost } from "#contract/game-plugin.ts";
import { GameReader, type GameReaderOptions } from "./game-reader.ts";
import type { PlayerScorer } from "./player-scorer.ts";

type Told = Parameters<ForwardedEvent>[0];
type Step = Partial<Forwarded> & Pick<Forwarded, "kind">;

const second = 1e6;

/** A session of one player as steps of a block. */
class Play {
  readonly steps: Step[] = [];
  readonly client = new LanternSender(0, 77);
  readonly server = new LanternSender(1, 77);
  time = 1_000 * second;
  readonly #flowId: number;
  readonly transport: "tcp" | "udp";

  constructor(flowId: number, transport: "tcp" | "udp" = "tcp") {
    this.#flowId = flowId;
    this.transport = transport;
  }

  sent(side: 0 | 1, bytes: Uint8Array): this {
    return this.step({ kind: "data", side, bytes });
  }

  step(step: Step): this {
    const port = 50_000 + this.#flowId;
    this.steps.push({
      side: 0,
      missing: 0,
      reason: "",
      bytes: new Uint8Array(0),
      ...step,
      time: this.time,
      flowId: this.#flowId,
      clientPort: port,
    });
    return this;
  }

  login(account: number, name: string): this {
    this.sent(0, this.client.packet(Opcode.hello, bodies.hello(3, "lantern")));
    this.sent(1, this.server.packet(Opcode.key, bodies.key(77)));
    this.sent(0, this.client.packet(Opcode.login, bodies.login(account, name, new Uint8Array(16))));
    return this.sent(1, this.server.packet(Opcode.welcome, bodies.welcome(account, 7, "meadow", { x: 1, y: 2, z: 3 })));
  }

  move(x: number): this {
    this.time += second / 10;
    const body = bodies.move((this.time / 1000) % 2 ** 32, { x, y: 2, z: 3 }, 0, 1);
    return this.sent(0, this.client.packet(Opcode.move, body));
  }

  end(reason: string): this {
    return this.step({ kind: "end", reason });
  }
}

async function run(plays: readonly Play[], more: Partial<GameReaderOptions> & { readonly host?: GamePluginHost } = {}) {
  const host = more.host ?? new LanternHost();
  const reader = new GameReader({
    hosts: { claims: [{ name: "lantern", transports: ["tcp", "udp"], ports: [7777] }], hostFor: () => host },
    catalogFor: () => lanternCatalog,
    sessionsMax: 1000,
    playerIntervalUs: 30 * second,
    packets: false,
    packetsPerSecondMax: 100,
    deadlineMs: 50,
    speeds: new Map(),
    isWhitelisted: () => false,
    ...more,
  });
  const told: Told[] = [];
  let number = 0;
  for (const play of plays) {
    const common = { protocol: "lantern", transport: play.transport, client: "10.0.0.9", server: "10.0.0.1", serverPort: 7777 };
    const steps = play.steps.map((step) => ({ ...common, ...step, number: ++number }) as Forwarded);
    await reader.block(
      (take) => steps.forEach(take),
      play.time,
      (event) => told.push(event),
    );
  }
  await reader.finish(2_000 * second, (event) => told.push(event));
  await reader[Symbol.asyncDispose]();
  return { told, reader };
}

const member = ({ kind, members }: Told): Record<string, unknown> => members[kind] as Record<string, unknown>;
const events = (told: readonly Told[]): string[] =>
  told.map((event) => `${event.kind} ${String(member(event)["event"] ?? member(event)["state"] ?? member(event)["title"])}`);
const player = (told: readonly Told[]): Record<string, unknown> =>
  member(told.find(({ kind, members }) => kind === "player" && (members["player"] as { state: string }).state === "left") as Told);

test("a session is opened, its player named, and closed with the reason", async () => {
  const { told } = await run([new Play(1).login(42, "Ada").move(5).move(6).end("rst")]);
  expect(events(told)).toEqual([
    "game_session session_opened",
    "game_session opcode_new",
    "game_session opcode_new",
    "game_session opcode_new",
    "game_session opcode_new",
    "game_session opcode_new",
    "player left",
    "game_session session_closed",
    "game_session opcode_unknown",
    "game_session opcode_unknown",
  ]);
  expect(player(told)).toMatchObject({
    id: "lantern:42",
    name: "Ada",
    level: 7,
    position: { x: 6, y: 2, z: 3, map: "meadow" },
    session: 1,
  });
  const closed = told.find((event) => event.kind === "game_session" && member(event)["event"] === "session_closed") as Told;
  expect(member(closed)).toMatchObject({ reason: "rst", player: "lantern:42", pkts_toserver: 4, pkts_toclient: 2 });
});

test("a player who comes back is the same player in another session", async () => {
  const again = new Play(2);
  again.time += 100 * second;
  const { told } = await run([new Play(1).login(42, "Ada").move(5).end("fin"), again.login(42, "Ada").move(7).end("timeout")]);
  const left = told.filter(({ kind }) => kind === "player").map(member);
  expect(left.map(({ id, session }) => `${String(id)} in ${String(session)}`)).toEqual(["lantern:42 in 1", "lantern:42 in 2"]);
  // Hello, which came before anybody was named, counts for nobody.
  expect(left[1]).toMatchObject({ connection: { packets_in: 5 } });
});

test("however a stream is cut, the statistics are the same", async () => {
  const whole = new Play(1).login(42, "Ada");
  for (let i = 0; i < 20; i++) whole.move(i);
  const cut = new Play(1).login(42, "Ada");
  for (let i = 0; i < 20; i++) {
    const before = cut.steps.length;
    cut.move(i);
    const [step] = cut.steps.splice(before);
    const bytes = step?.bytes ?? new Uint8Array(0);
    cut.sent(0, bytes.subarray(0, 3)).sent(0, bytes.subarray(3));
  }
  const [a, b] = [await run([whole]), await run([cut])];
  expect(player(b.told)["statistics"]).toEqual(player(a.told)["statistics"]);
});

test("UDP sessions and packets that are told", async () => {
  const { told } = await run([new Play(1, "udp").login(42, "Ada").move(5).end("timeout")], { packets: true, packetsPerSecondMax: 3 });
  expect(events(told).filter((event) => event === "game_session packet")).toHaveLength(3);
});

test("a hole in the stream costs what is missing, and the rest is read", async () => {
  const play = new Play(1).login(42, "Ada").move(1);
  play.client.packet(Opcode.move, bodies.move(0, { x: 0, y: 0, z: 0 }, 0, 0));
  play.step({ kind: "gap", missing: 29, side: 0 }).move(2).end("fin");
  const { told } = await run([play]);
  expect(player(told)).toMatchObject({ connection: { missing: 29, packets_in: 4 } });
});

const silent: Partial<GamePluginHost> = { decrypt: () => new Promise(() => undefined) };
const throwing: Partial<GamePluginHost> = { decrypt: () => Promise.reject(new Error("the process has gone")) };
const short: Partial<GamePluginHost> = { decrypt: async () => [] as DecryptResult[] };

test.each([
  ["never answers", silent, /no answer within 50 ms/],
  ["fails", throwing, /the process has gone/],
  ["answers too little", short, /fewer results/],
])("a plugin that %s costs the packets of its game, and is told", async (_case, broken, trouble) => {
  const host = Object.assign(new LanternHost(), broken);
  const { told } = await run([new Play(1).login(42, "Ada").end("fin")], { host });
  expect(events(told)).toEqual(["game_session session_opened", "game_session plugin", "player left", "game_session session_closed"]);
  expect(member(told[1] as Told)["trouble"]).toMatch(trouble);
  expect(member(told[3] as Told)["undecoded"]).toBeGreaterThan(0);
});

test("sessions beyond the limit are counted", async () => {
  const { reader } = await run([new Play(1).login(1, "A"), new Play(2).login(2, "B")], { sessionsMax: 1 });
  expect(reader.refused).toBeGreaterThan(0);
});

const certain: PlayerScorer = {
  packet: () => undefined,
  roundTrip: () => undefined,
  returns: () => undefined,
  verdict: () => ({
    verdict: "bot",
    score: 0.97,
    sample: 300,
    evidence: [{ kind: "sequence", text: "the same 12 actions, 25 times" }],
  }),
  likeness: () => ({ similarity: 0.9, why: "the same 12 actions in the same rhythm" }),
};

test("bots are findings with evidence, and accounts that play alike are told", async () => {
  const plays = [new Play(1).login(1, "Ada").end("fin"), new Play(2).login(2, "Bob").end("fin")];
  const { told } = await run(plays, { createScorer: () => certain });
  expect(events(told).filter((event) => event.startsWith("finding"))).toEqual([
    "finding A program seems to play Ada (lantern:1)",
    "finding A program seems to play Bob (lantern:2)",
    "finding Bob (lantern:2) and Ada (lantern:1) play the same macro",
  ]);
});

test("of a player on the whitelist nothing is found", async () => {
  const { told } = await run([new Play(1).login(1, "Ada").end("fin")], {
    createScorer: () => certain,
    isWhitelisted: (id) => id === "lantern:1",
  });
  expect(events(told).filter((event) => event.startsWith("finding"))).toEqual([]);
  expect(player(told)).toMatchObject({ bot: { verdict: "bot", whitelisted: true } });
});

test("a client whose clock runs 1.5 times as fast is told with both clocks", async () => {
  const play = new Play(1).login(1, "Ada");
  for (let i = 0; i < 400; i++) {
    const before = play.time;
    play.move(i / 2);
    play.time = before + second / 15;
    const step = play.steps.at(-1);
    if (step !== undefined) play.steps[play.steps.length - 1] = { ...step, time: play.time };
  }
  const fast = new Play(1).login(1, "Ada");
  for (let i = 0; i < 400; i++) {
    fast.time += second / 15;
    fast.sent(0, fast.client.packet(Opcode.move, bodies.move(i * 100, { x: i / 2, y: 0, z: 0 }, 0, 1)));
  }
  expect(events((await run([play])).told).filter((event) => event.startsWith("finding"))).toEqual([]);
  const { told } = await run([fast]);
  expect(events(told).filter((event) => event.startsWith("finding"))).toEqual([
    "finding The client of Ada (lantern:1) runs faster than time",
  ]);
});

/** When each of 400 actions comes, s: at the game's limit of five a second. */
const steady = (i: number): number => i / 5;

test.each<[string, (i: number) => number, readonly string[]]>([
  ["three times as fast as the game allows", (i) => i / 15, ["impossible-rate"]],
  ["as fast as the game allows", steady, []],
  ["so fast on a line that stalls for four seconds, again and again", (i) => Math.ceil(steady(i) / 4) * 4, []],
  ["in one burst behind a pause", (i) => (i < 40 ? i : 60 + i / 1000) + (i > 60 ? i : 0), []],
])("who acts %s", async (_case, at, found) => {
  const play = new Play(1).login(42, "Ada");
  const begin = play.time;
  for (let i = 0; i < 400; i++) {
    play.time = begin + at(i) * second;
    play.sent(0, play.client.packet(Opcode.attack, bodies.attack(7, 1)));
  }
  const { told } = await run([play.end("finished")], { actionRates: new Map([["lantern", 5]]) });
  const titles = told
    .filter(({ kind }) => kind === "finding")
    .map(({ members }) => (members["finding"] as { readonly title: string }).title);
  expect(titles).toEqual(found.map(() => "Ada (lantern:42) does more than the game allows"));
});
