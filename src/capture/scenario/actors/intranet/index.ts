import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { pageText, type Response } from "#capture/scenario/content/http.ts";
import { exchange } from "#capture/scenario/habits/http-session.ts";
import { lookUp } from "#capture/scenario/habits/look-up.ts";
import { pauseAtWork } from "#capture/scenario/habits/pauses.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const folders = ["plans", "invoices", "letters", "drawings", "minutes"];
const userAgent = "office-files/3.0";
const letters = "abcdefghijklmnopqrstuvwxyz    ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789,.\n";

export default defineActor({
  name: "intranet",
  summary: "Desks read and write files on the file server over HTTP (half of them by IPv6), look at the printer and print.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const client of world.office.workstations) world.spawn(desk(world, random, client), random.exponential(12_000_000));
    yield 0;
  },
});

function* desk(world: World, random: Random, client: Host): Process {
  while (world.open) {
    if (random.chance(0.85)) yield* readFiles(world, random, client);
    else yield* print(world, random, client);
    yield* pauseAtWork(world, random, client, 30_000_000);
  }
}

function* readFiles(world: World, random: Random, client: Host): Process {
  const { files } = world.office;
  yield* lookUp(world, random, client, files.name);
  const tcp = world.connect(client, files, 80, { version: random.chance(0.5) ? 6 : 4 });
  yield* tcp.open();
  const folder = random.pick(folders);
  const listing = `<?xml version="1.0"?><multistatus xmlns="DAV:">${`<response><href>/${folder}/x</href></response>`.repeat(random.between(3, 40))}</multistatus>`;
  yield* exchange(
    tcp,
    random,
    { method: "PROPFIND", path: `/${folder}/`, host: files.name, userAgent, fields: [["Depth", "1"]] },
    { status: 207, type: "application/xml", body: listing },
  );
  const count = random.between(1, 4);
  for (let i = 0; i < count; i++) {
    yield* tcp.pause(random.exponential(400_000));
    const path = `/${folder}/${random.between(100, 999)}.txt`;
    const text = randomText(random, Math.min(400_000, Math.ceil(Math.exp(random.normal(9.8, 1.2)))));
    const got: Response = { status: 200, type: "text/plain", body: text };
    if (random.chance(0.7)) yield* exchange(tcp, random, { method: "GET", path, host: files.name, userAgent }, got);
    else yield* exchange(tcp, random, { method: "PUT", path, host: files.name, userAgent, body: text }, { status: 201 });
  }
  yield* tcp.close();
}

/** Looks at the printer's page, then sends it a document. */
function* print(world: World, random: Random, client: Host): Process {
  const { printer } = world.office;
  yield* lookUp(world, random, client, printer.name);
  const tcp = world.connect(client, printer, 80);
  yield* tcp.open();
  const request = { path: "/status", host: printer.name, userAgent };
  yield* exchange(tcp, random, { method: "GET", ...request }, { status: 200, body: pageText(random, "Printer ready", 900) });
  yield* exchange(
    tcp,
    random,
    { method: "POST", path: "/print", host: printer.name, userAgent, body: randomText(random, random.between(20_000, 200_000)) },
    { status: 200 },
  );
  yield* tcp.close();
}

function randomText(random: Random, length: number): string {
  const line = Array.from({ length: 97 }, () => letters[random.between(0, letters.length)]).join("");
  return line.repeat(Math.ceil(length / line.length)).slice(0, length);
}
