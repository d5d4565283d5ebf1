import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PcapWriter } from "#capture/pcap-writer.ts";
import { type Actor, defineActor } from "#capture/scenario/actor.ts";
import { actors } from "#capture/scenario/actors/list.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { exchange } from "#capture/scenario/habits/http-session.ts";
import { defaultStartTime, Playback } from "#capture/scenario/playback.ts";
import { type Plant, plantPort, plants } from "./keyword-plants.ts";
import { type Found, searchFile } from "./keyword-run.ts";

const roundSeconds = 300;
const seeds = [1, 2, 3] as const;
/** The scenario's own attack on web applications, which the default list should tell of, too. */
const ownAttacker = "203.0.113.77";

/** Plants every text in a connection of its own, among the traffic of the office. */
const planter: Actor = defineActor({
  name: "keyword-plants",
  summary: "Texts that keywords are for, and texts that only look like them.",
  label: "attack",
  *start(world, random) {
    const stranger = world.outside.host("203.0.113.66", 40_000);
    yield world.wait(20);
    for (const [index, plant] of plants.entries()) {
      const port = plant.place === "shell" ? 4444 : 80;
      // A shell calls home: the machine inside is the client.
      const [client, server] = plant.place === "shell" ? [world.office.web, stranger] : [stranger, world.office.web];
      const tcp = world.connect(client, server, port, { clientPort: plantPort + index, loss: 0 });
      yield* tcp.open();
      if (plant.place === "shell") yield* tcp.send(Side.client, Buffer.from(plant.text));
      else yield* exchange(tcp, random, requestOf(plant), { status: 200, body: plant.place === "page" ? plant.text : "ok" });
      yield* tcp.pause(random.between(50_000, 400_000));
      yield* tcp.close();
    }
  },
});

function requestOf({ place, text }: Plant) {
  return {
    method: place === "body" ? "POST" : "GET",
    path: place === "uri" ? text : "/index.php",
    host: "shop.example.com",
    userAgent: place === "agent" ? text : "Mozilla/5.0",
    ...(place === "cookie" ? { fields: [["Cookie", text] as const] } : {}),
    ...(place === "body" ? { body: text } : {}),
  };
}

/** One round of the scenario as a pcap file. */
function record(path: string, seed: number): void {
  const { frames, scheduler } = new Playback({ seed, actors: [...actors, planter] });
  using writer = new PcapWriter(path);
  while (scheduler.nextTime < defaultStartTime + roundSeconds * 1e6) {
    scheduler.step();
    for (let i = 0; i < frames.count; i++) {
      const from = frames.start[i] as number;
      writer.write(scheduler.now, frames.bytes, from, from + (frames.length[i] as number));
    }
    frames.clear();
  }
}

interface Sums {
  planted: number;
  found: number;
  /** Alerts of the keyword that was planted, of another one about the same text, and of nothing that was planted. */
  right: number;
  beside: number;
  wrong: number;
  naiveFound: number;
  naiveAlerts: number;
  naiveWrong: number;
  missed: string[];
  mistaken: string[];
}

const plantOf = ({ ports }: Found): Plant | undefined => {
  const index = ports.map((port) => port - plantPort).find((place) => place >= 0 && place < plants.length);
  return index === undefined ? undefined : plants[index];
};

/** What the default list finds of what was planted, in three rounds. */
export async function measureScenario(): Promise<Sums> {
  const sums: Sums = {
    planted: 0,
    found: 0,
    right: 0,
    beside: 0,
    wrong: 0,
    naiveFound: 0,
    naiveAlerts: 0,
    naiveWrong: 0,
    missed: [],
    mistaken: [],
  };
  const folder = mkdtempSync(join(tmpdir(), "oddwire-plants-"));
  try {
    for (const seed of seeds) {
      const path = join(folder, `${seed}.pcap`);
      record(path, seed);
      const { keywords, naive } = await searchFile(path);
      count(sums, keywords, naive);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return sums;
}

function count(sums: Sums, keywords: readonly Found[], naive: readonly Found[]): void {
  for (const plant of plants) {
    if (plant.keyword === undefined) continue;
    sums.planted++;
    const own = keywords.filter((found) => plantOf(found) === plant);
    if (own.some(({ name }) => name === plant.keyword)) sums.found++;
    else sums.missed.push(`${plant.keyword}: ${plant.text.slice(0, 60)} (told: ${own.map(({ name }) => name).join(", ") || "nothing"})`);
    if (naive.some((found) => plantOf(found) === plant)) sums.naiveFound++;
  }
  for (const found of keywords) {
    const plant = plantOf(found);
    if (plant?.keyword === found.name) sums.right++;
    else if (plant?.keyword !== undefined || found.addresses.includes(ownAttacker)) sums.beside++;
    else {
      sums.wrong++;
      sums.mistaken.push(`${found.name} at ${found.matched} (${found.addresses.join(" → ")})`);
    }
  }
  sums.naiveAlerts += naive.length;
  sums.naiveWrong += naive.filter((found) => plantOf(found)?.keyword === undefined && !found.addresses.includes(ownAttacker)).length;
}

const share = (part: number, whole: number): string => `${((100 * part) / Math.max(1, whole)).toFixed(1)} %`;

/** The table that the bench prints. */
export async function scenarioText(): Promise<string> {
  const sums = await measureScenario();
  const alerts = sums.right + sums.beside + sums.wrong;
  const decoys = plants.filter(({ keyword }) => keyword === undefined).length * seeds.length;
  return [
    `scenario: ${seeds.length} rounds of ${roundSeconds} s, ${sums.planted} texts planted, ${decoys} that only look like it`,
    "                     recall             precision          alerts",
    `keywords             ${share(sums.found, sums.planted).padEnd(18)} ${share(alerts - sums.wrong, alerts).padEnd(18)} ${alerts}`,
    `bare substrings      ${share(sums.naiveFound, sums.planted).padEnd(18)} ${share(sums.naiveAlerts - sums.naiveWrong, sums.naiveAlerts).padEnd(18)} ${sums.naiveAlerts}`,
    ...new Set(sums.missed.map((text) => `missed   ${text}`)),
    ...new Set(sums.mistaken.map((text) => `mistaken ${text}`)),
  ].join("\n");
}
