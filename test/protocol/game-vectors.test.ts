import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ByteView, fromHex } from "#base/bytes.ts";
import type { ProtocolDefinition } from "#contract/parser.ts";
import { ProtocolFinder } from "#flow/protocol-finder.ts";
import { protocols } from "#protocols/registry.generated.ts";
import { withoutCorpora } from "#test/e2e/corpora.ts";
import { drive, joinBytes, type Step } from "./drive.ts";

/**
 * Real answers of game servers and what other parsers read in them, from the conformance captures
 * (`dev/vectors/gameq.json`, `a2s.json`). Without ODDWIRE_CORPORA the tests are skipped.
 */
const folder = join(process.env["ODDWIRE_CORPORA"] ?? "", "dev/vectors");
const read = <T>(name: string): T[] => (withoutCorpora === undefined ? (JSON.parse(readFileSync(join(folder, name), "utf8")) as T[]) : []);
const skipped = withoutCorpora === undefined ? "" : ` (skipped: ${withoutCorpora})`;

type Value = unknown;
type Named = { [name: string]: Value };
interface GameqVector {
  readonly source: string;
  readonly protocol: string;
  readonly game: string;
  readonly transport: "udp" | "tcp" | "ssl";
  readonly query_port: number;
  readonly responses_hex: readonly string[];
  readonly expect: Named;
  readonly players: number;
  readonly player_sample: readonly Named[];
}
interface A2sVector {
  readonly query: string;
  readonly name: string;
  readonly responses_hex: readonly string[];
  readonly expect: Named | readonly Named[];
}

const definitions = protocols.flatMap((plugin) => plugin.protocols ?? []) as readonly ProtocolDefinition[];
const finder = new ProtocolFinder(definitions);

/** Name in `app_proto` of each of GameQ's protocols. */
const appProto: { readonly [protocol: string]: string } = {
  ase: "ase",
  bf3: "frostbite",
  bfbc2: "frostbite",
  cs2d: "cs2d",
  doom3: "doom3",
  etqw: "doom3",
  ffow: "source",
  gamespy: "gamespy",
  gamespy2: "gamespy",
  gamespy3: "gamespy",
  gta5m: "quake",
  lhmp: "lhmp",
  m2mp: "m2mp",
  mumble: "gtmurmur",
  openttd: "openttd",
  quake2: "quake",
  quake3: "quake",
  raknet: "raknet",
  samp: "samp",
  source: "source",
  starmade: "starmade",
  teamspeak2: "teamspeak",
  teamspeak3: "teamspeak",
  teeworlds: "teeworlds",
  tibia: "tibia",
  unreal2: "unreal",
  won: "source",
};
/** Answers that are HTTP: they are told as `http`, whose bodies are files. */
const overHttp = new Set(["eco", "tshock", "gtan", "gtar"]);
/** Scrambled with tables that are not free to use. */
const unread = new Set(["ventrilo"]);

/** GameQ's names of what the event has a member for. */
const members: { readonly [name: string]: readonly string[] } = {
  hostname: ["hostname"],
  servername: ["hostname"],
  name: ["hostname"],
  server_name: ["hostname"],
  motd_line_1: ["hostname"],
  motd_line_2: ["motd"],
  sv_hostname: ["hostname"],
  map: ["map"],
  map_name: ["map"],
  mapname: ["map"],
  game_descr: ["game", "mode", "motd"],
  description: ["game", "motd"],
  edition: ["game"],
  gamename: ["game"],
  mod: ["game"],
  game_dir: ["game_dir"],
  modname: ["game_dir"],
  gametype: ["mode"],
  gamemode: ["mode"],
  game_mode: ["mode"],
  game_id: ["app_id"],
  num_players: ["players"],
  numplayers: ["players"],
  num_players_total: ["players"],
  clients: ["players"],
  players_online: ["players"],
  max_players: ["max_players"],
  max_clients: ["max_players"],
  maxplayers: ["max_players"],
  players_max: ["max_players"],
  server_maxusers: ["max_players"],
  maxplayers_total: ["max_players"],
  num_bots: ["bots"],
  version: ["version", "protocol_version"],
  serverversion: ["version"],
  protocol: ["protocol_version"],
  protocol_version: ["protocol_version"],
  password: ["password"],
  secure: ["secure"],
  anticheat: ["secure"],
  punkbuster: ["secure"],
  dedicated: ["server_type"],
  os: ["os"],
  port: ["port"],
  gameport: ["port"],
  port_ipv4: ["port"],
  steamid: ["steam_id"],
  steam_id: ["steam_id"],
  keywords: ["tags"],
  address: ["address"],
  ip_port: ["address"],
  server_uid: ["guid"],
  website: ["url"],
  url: ["url"],
  motd: ["motd"],
  uptime: ["uptime"],
  virtualserver_name: ["hostname"],
  x_gtmurmur_max_users: ["max_players"],
  info_version: ["protocol_version"],
  // xPaw's names.
  Protocol: ["protocol_version"],
  HostName: ["hostname"],
  Map: ["map"],
  ModDir: ["game_dir"],
  ModDesc: ["game"],
  AppID: ["app_id"],
  Players: ["players"],
  MaxPlayers: ["max_players"],
  Bots: ["bots"],
  Dedicated: ["server_type"],
  Os: ["os"],
  Password: ["password"],
  Secure: ["secure"],
  Version: ["version"],
  GamePort: ["port"],
  SteamID: ["steam_id"],
  sourcetv_port: ["spectator_port"],
  sourcetv_name: ["spectator_name"],
  SpecPort: ["spectator_port"],
  SpecName: ["spectator_name"],
  GameTags: ["tags"],
  GameID: ["game_id"],
  Address: ["address"],
};

interface Pair {
  readonly name: string;
  readonly value: string;
}

/** GameQ takes spaces and the prefix of Doom 3's settings away, and counts Unreal's mutators. */
const plainName = (name: string): string =>
  name
    .trim()
    .toLowerCase()
    .replace(/^si_/, "")
    .replace(/^mutator[0-9]+$/, "mutator");

/** Everything that the events of one vector say. */
class Told {
  /** All values of each member. */
  readonly facts: { [member: string]: Value[] } = {};
  readonly rules: Pair[] = [];
  /** Those that an answer about rules tells. */
  ruleCount = 0;
  readonly players: Named[] = [];
  readonly teams: Named[] = [];

  constructor(events: readonly (readonly unknown[])[]) {
    for (const event of events) {
      const fields = event[3] as Named;
      for (const [name, value] of Object.entries(fields)) {
        this.facts[name] ??= [];
        this.facts[name]?.push(value);
      }
      if (fields["type"] === "rules") this.ruleCount += ((fields["rules"] ?? []) as Pair[]).length;
      this.rules.push(...((fields["rules"] ?? []) as Pair[]));
      this.players.push(...((fields["player_list"] ?? []) as Named[]));
      this.teams.push(...((fields["teams"] ?? []) as Named[]));
    }
  }

  candidates(name: string): Value[] {
    const lower = plainName(name);
    const found: Value[] = this.rules.filter((rule) => plainName(rule.name) === lower).map((rule) => rule.value);
    for (const member of members[name] ?? []) found.push(...(this.facts[member] ?? []));
    const mod = this.facts["mod"]?.[0] as Named | undefined;
    if (name === "ismod" || name === "IsMod") found.push(mod === undefined ? 0 : 1);
    const modNames: Named = {
      mod_urlinfo: "url",
      mod_urldl: "download_url",
      mod_version: "version",
      mod_size: "size",
      mod_type: "type",
      mod_cldll: "dll",
    };
    if (mod !== undefined && modNames[name] !== undefined) found.push(mod[modNames[name] as string]);
    // The header has 16 bits for it, which are 0 for the longer numbers.
    if (name === "steamappid" || name === "AppID")
      found.push((this.facts["app_id"]?.[0] as number) < 65_536 ? this.facts["app_id"]?.[0] : 0);
    if (name === "maplist")
      found.push(
        this.rules
          .filter((rule) => rule.name.startsWith("Map:"))
          .map((rule) => rule.value)
          .join(),
      );
    // HLTV says nothing of bots, which xPaw takes for none.
    if (name === "Bots") found.push(this.facts["bots"]?.[0] ?? 0);
    if (name === "num_rules") found.push(this.ruleCount);
    if (name === "num_teams") found.push(this.teams.length);
    if (/^num_?players$|^clients$/.test(name)) found.push(this.players.length);
    return found;
  }
}

/** The same value, whatever its JSON type: GameQ has texts where the event has numbers, and trims and cuts letters. */
function same(actual: Value, expected: Value): boolean {
  if (Array.isArray(expected)) return actual === expected.map((one: Named) => one["name"]).join();
  if (typeof expected === "boolean") return actual === expected || same(actual, expected ? 1 : 0) || String(actual) === String(expected);
  if (actual === "true" || actual === "false") return String(expected) === actual || same(actual === "true" ? 1 : 0, expected);
  if (typeof actual === "boolean") return same(actual ? 1 : 0, expected);
  // PHP reads ports with a sign.
  if (typeof expected === "number" && expected < 0 && expected >= -32_768 && actual === expected + 65_536) return true;
  if (typeof expected === "number" && Number.isFinite(Number(actual)) && actual !== "")
    return Math.abs(Number(actual) - expected) <= Math.max(1e-5, Math.abs(expected) * 1e-6);
  const [got, want] = [String(actual), String(expected)];
  return got === want || got.trim() === want.trim() || (want.length === 1 && got[0] === want);
}

const playerMembers: { readonly [name: string]: string } = {
  player: "name",
  nick: "name",
  nickname: "name",
  client_nickname: "name",
  frags: "score",
  playername: "name",
  AIBot: "bot",
  teamId: "team",
  teamname: "team",
  total_deaths: "deaths",
  clid: "id",
  p_id: "id",
  Name: "name",
  Frags: "score",
  Time: "time",
};

function playerValue(player: Named, name: string): Value[] {
  const fields = (player["fields"] ?? []) as Pair[];
  return [
    player[name],
    player[playerMembers[name] ?? name],
    ...fields.filter((field) => field.name === name).map((field) => field.value),
  ].filter((value) => value !== undefined);
}

function run(name: string, transport: "tcp" | "udp", port: number, datagrams: readonly Uint8Array[]): Told {
  const definition = definitions.find((one) => one.name === name && one.transports.includes(transport)) as ProtocolDefinition;
  expect(definition, `no protocol ${name}`).toBeDefined();
  const first = transport === "tcp" ? joinBytes(...datagrams).subarray(0, 4096) : (datagrams[0] as Uint8Array);
  const found = finder.find(transport, 1, ByteView.over(first), 40_000, port);
  expect(finder.name(found), "recognised").toBe(name);
  const steps = datagrams.map((bytes): Step => [1, bytes]);
  return new Told(drive(definition, steps, { transport, serverPort: port }).events);
}

const gameq = read<GameqVector>("gameq.json");
const title = (vector: GameqVector): string => `${vector.protocol}: ${vector.source.replace("tests/Protocols/Providers/", "")}`;

/** What GameQ makes up or misreads; a key's reason stands here instead of its value. */
const artefacts: { readonly [protocol: string]: { readonly [key: string]: string } } = {
  bf3: {
    ranked: "a word as a number",
    punkbuster: "the same",
    join_queue: "the same",
    quickmatch: "the same",
    blaze_game_state: "the same",
    online: "made up",
  },
  bfbc2: { online: "made up" },
  lhmp: { password: "read as a text", protocol: "the same" },
  openttd: { language_icon: "made of the language" },
  starmade: { password: "made up" },
  unreal2: { serverid: "always 0", serverip: "always empty", queryport: "always 0", ping: "always 0" },
  doom3: { version: "read four bytes too early", "NG)": "the same", NGU: "the same" },
  quake2: { mod: "made up", password: "made up" },
  gamespy: { final: "the end mark", num_players: "not counted" },
  gamespy3: { mapname: "Just Cause 2 has one map, which GameQ adds", dedicated: "added" },
  ffow: { dedicated: "the letter as a number", os: "the letter as a number" },
};

describe.skipIf(withoutCorpora !== undefined)(`answers of game servers${skipped}`, () => {
  test.each(
    gameq.filter(({ protocol }) => !overHttp.has(protocol) && !unread.has(protocol)).map((vector) => [title(vector), vector] as const),
  )("%s", (_title, vector) => {
    const transport = vector.transport === "udp" ? "udp" : "tcp";
    const told = run(appProto[vector.protocol] as string, transport, vector.query_port, vector.responses_hex.map(fromHex));
    const wrong: string[] = [];
    for (const [name, value] of Object.entries(vector.expect)) {
      const candidates = told.candidates(name);
      if (candidates.some((candidate) => same(candidate, value)) || (value === null && candidates.length === 0)) continue;
      if (artefacts[vector.protocol]?.[name] !== undefined || (name === "dedicated" && (value === 1 || value === true))) continue;
      wrong.push(`${name}: ${JSON.stringify(value)}, not ${JSON.stringify(candidates)}`);
    }
    for (const [index, sample] of vector.player_sample.entries())
      for (const [name, value] of Object.entries(sample)) {
        const values = playerValue(told.players[index] ?? {}, name);
        // TeamSpeak 2 writes names in quotes, which belong to the line.
        if (typeof value === "string" && values.some((candidate) => `"${String(candidate)}"` === value)) continue;
        // Before the first player, GameQ takes a byte of the count for a letter.
        if (vector.game === "justcause2" && index === 0 && name === "name" && same(values[0], String(value).slice(1))) continue;
        if (!values.some((candidate) => same(candidate, value)) && !(value === "" && values.length === 0))
          wrong.push(`player ${index} ${name}: ${JSON.stringify(value)}, not ${JSON.stringify(values)}`);
      }
    if (vector.players > 0 && told.players.length !== vector.players) wrong.push(`${vector.players} players, not ${told.players.length}`);
    expect(wrong).toEqual([]);
  });
});

describe.skipIf(withoutCorpora !== undefined)(`answers over HTTP${skipped}`, () => {
  test.each(gameq.filter(({ protocol }) => overHttp.has(protocol)).map((vector) => [title(vector), vector] as const))(
    "%s",
    (_title, vector) => {
      const first = fromHex(vector.responses_hex[0] as string).subarray(0, 4096);
      expect(finder.name(finder.find("tcp", 1, ByteView.over(first), 40_000, vector.query_port))).toBe("http");
    },
  );
});

describe.skipIf(withoutCorpora !== undefined)(`A2S answers${skipped}`, () => {
  const derived = new Set(["ExtraDataFlags", "TimeF"]);
  test.each(read<A2sVector>("a2s.json").map((vector) => [`${vector.query} ${vector.name}`, vector] as const))("%s", (_title, vector) => {
    const told = run("source", "udp", 27_015, vector.responses_hex.map(fromHex));
    if (Array.isArray(vector.expect)) {
      const players = vector.expect as readonly Named[];
      expect(told.players).toHaveLength(players.length);
      for (const [index, player] of players.entries()) {
        const { name, score, time } = told.players[index] as Named;
        expect([name, score, Math.trunc(time as number)]).toEqual([player["Name"], player["Frags"], player["Time"]]);
      }
      return;
    }
    for (const [name, value] of Object.entries(vector.expect))
      if (!derived.has(name))
        expect(
          told.candidates(name).some((candidate) => same(candidate, value)),
          `${name} ${String(value)} ${JSON.stringify(told.candidates(name))}`,
        ).toBe(true);
  });
});
