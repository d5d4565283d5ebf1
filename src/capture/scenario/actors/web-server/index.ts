import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { browsers } from "#capture/scenario/content/browsers.ts";
import { itemsText, pageText, type Request, type Response } from "#capture/scenario/content/http.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import { exchange } from "#capture/scenario/habits/http-session.ts";
import { pauseOfMany } from "#capture/scenario/habits/pauses.ts";
import { TlsSession } from "#capture/scenario/habits/tls-session.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const HOST = "shop.example.com";
const categories = ["garden", "kitchen", "office", "toys", "books"];

export default defineActor({
  name: "web-server",
  summary: "Customers outside look at the office's shop: pages, a JSON interface, moved pages, missing pages; most over TLS.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    while (world.open) {
      const customer = world.outside.customer(random);
      world.spawn(random.chance(0.55) ? plainVisit(world, random, customer) : tlsVisit(world, random, customer));
      yield* pauseOfMany(world, random, 1_000_000);
    }
  },
});

function* plainVisit(world: World, random: Random, customer: Host): Process {
  const tcp = world.connect(customer, world.office.web, 80);
  const browser = random.pick(browsers);
  yield* tcp.open();
  const count = random.between(1, 7);
  for (let i = 0; i < count; i++) {
    const [path, response] = answerFor(random);
    const method = path.startsWith("/api/cart") ? "POST" : "GET";
    const body = method === "POST" ? JSON.stringify({ item: random.between(1, 9_999), count: random.between(1, 4) }) : undefined;
    const request: Request = {
      method,
      path,
      host: HOST,
      userAgent: browser.userAgent,
      ...(body === undefined ? {} : { body, fields: [["Content-Type", "application/json"]] }),
    };
    yield* exchange(tcp, random, request, response);
    yield* tcp.pause(random.exponential(random.chance(0.4) ? 2_500_000 : 30_000));
  }
  yield* tcp.close(random.chance(0.5) ? Side.client : Side.server);
}

function answerFor(random: Random): readonly [string, Response] {
  const kind = random.unit();
  const category = random.pick(categories);
  if (kind < 0.35)
    return [
      `/${category}/${random.between(1, 40)}`,
      { status: 200, body: pageText(random, `Shop: ${category}`, random.between(2_000, 24_000)), chunked: random.chance(0.3) },
    ];
  if (kind < 0.6)
    return [
      `/api/items?category=${category}&page=${random.between(1, 9)}`,
      { status: 200, type: "application/json", body: itemsText(random, random.between(5, 60)) },
    ];
  if (kind < 0.68) return ["/api/cart", { status: 201, type: "application/json", body: '{"ok":true}' }];
  if (kind < 0.78)
    return [
      "/style.css",
      random.chance(0.5) ? { status: 304 } : { status: 200, type: "text/css", body: "body { color: #222 }\n".repeat(60) },
    ];
  if (kind < 0.86) return [`/old/${category}`, { status: 301, fields: [["Location", `https://${HOST}/${category}/1`]] }];
  if (kind < 0.93)
    return [random.pick(["/favicon.ico", "/robots.txt", `/${category}/sale`]), { status: 404, body: pageText(random, "Not found", 300) }];
  return [
    "/",
    {
      status: 200,
      body: pageText(random, "Shop", random.between(6_000, 12_000)),
      fields: [["Set-Cookie", `session=${random.uint32().toString(16)}; Path=/; HttpOnly`]],
    },
  ];
}

function* tlsVisit(world: World, random: Random, customer: Host): Process {
  const browser = random.pick(browsers);
  const session = new TlsSession(world, random, world.connect(customer, world.office.web, 443), {
    name: HOST,
    browser,
    version: 13,
    protocols: ["h2", "http/1.1"],
  });
  yield* session.open();
  const count = random.between(1, 8);
  for (let i = 0; i < count; i++) {
    yield* session.send(Side.client, random.between(60, 500));
    yield* session.tcp.pause(random.exponential(12_000));
    yield* session.send(Side.server, Math.min(200_000, Math.ceil(Math.exp(random.normal(8.6, 1.2)))));
    yield* session.tcp.pause(random.exponential(600_000));
  }
  yield* session.close();
}
