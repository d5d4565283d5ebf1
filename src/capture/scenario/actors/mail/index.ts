import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import { pauseOfMany } from "#capture/scenario/habits/pauses.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const SMTP = 25;
const people = ["anna", "bela", "carl", "dora", "emil"];
const subjects = ["Offer", "Minutes of Monday", "Your order", "Invoice", "Lunch?"];

export default defineActor({
  name: "mail",
  summary: "Mail servers outside deliver letters to the office's server in clear text (SMTP, RFC 5321).",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    while (world.open) {
      yield* pauseOfMany(world, random, 14_000_000);
      world.spawn(deliver(world, random));
    }
  },
});

const line = (text: string): Uint8Array => Uint8Array.from(`${text}\r\n`, (letter) => letter.charCodeAt(0));

function* say(tcp: TcpConnection, random: Random, text: string, answer: string): Process {
  yield* tcp.send(Side.client, line(text));
  yield* tcp.pause(random.between(300, 6_000));
  yield* tcp.send(Side.server, line(answer));
}

function* deliver(world: World, random: Random): Process {
  const sender = world.outside.host(`203.0.113.${random.between(10, 20)}`, 24_000);
  const tcp = world.connect(sender, world.office.web, SMTP);
  const [from, to] = [`${random.pick(people)}@example.net`, `${random.pick(people)}@example.com`];
  yield* tcp.open();
  yield* tcp.pause(random.between(2_000, 30_000));
  yield* tcp.send(Side.server, line("220 mail.example.com ESMTP ready"));
  yield* say(tcp, random, "EHLO mx.example.net", "250-mail.example.com\r\n250-SIZE 20971520\r\n250 8BITMIME");
  yield* say(tcp, random, `MAIL FROM:<${from}>`, "250 2.1.0 Ok");
  yield* say(tcp, random, `RCPT TO:<${to}>`, random.chance(0.1) ? "550 5.1.1 No such user" : "250 2.1.5 Ok");
  yield* say(tcp, random, "DATA", "354 End data with <CR><LF>.<CR><LF>");
  const date = new Date(Math.floor(world.now / 1000)).toUTCString().replace("GMT", "+0000");
  const head = `From: ${from}\r\nTo: ${to}\r\nSubject: ${random.pick(subjects)}\r\nDate: ${date}\r\nMessage-ID: <${random.uint32()}@example.net>\r\n\r\n`;
  const body = "All the best for the week, and see you on Thursday.\r\n".repeat(random.between(2, 80));
  yield* say(tcp, random, `${head}${body}.`, `250 2.0.0 Ok: queued as ${random.uint32().toString(16)}`);
  yield* say(tcp, random, "QUIT", "221 2.0.0 Bye");
  yield* tcp.close(Side.server);
}
