import { bodies } from "./bodies.ts";
import { LanternSender, Opcode } from "./packet.ts";

export interface SampleLine {
  readonly side: 0 | 1;
  readonly wire: Uint8Array;
}

/** The beginning of a session as it goes over the wire, cut so that packets share pieces and span them; `plugins/example/sample.hex`. */
export function sampleSession(): readonly SampleLine[] {
  const key = 0x1234_5678;
  const [client, server] = [new LanternSender(0, key), new LanternSender(1, key)];
  const hello = client.packet(Opcode.hello, bodies.hello(3, "lantern 1.4"));
  const keyed = server.packet(Opcode.key, bodies.key(key));
  const login = client.packet(Opcode.login, bodies.login(4711, "Ada", new Uint8Array(16).fill(9)));
  const welcome = server.packet(Opcode.welcome, bodies.welcome(42, 7, "meadow", { x: 10, y: 20.5, z: -3 }));
  const stats = server.packet(Opcode.playerStats, bodies.playerStats(7, 95, 100, 12_345));
  const moves = [0, 1, 2].map((i) => client.packet(Opcode.move, bodies.move(1_000 + i * 100, { x: 10 + i, y: 20.5, z: -3 }, 0.5, 1)));
  const entities = Array.from({ length: 12 }, (_, i) => ({ id: 100 + i, x: i, y: 2 * i, z: 0, hp: 50 }));
  const world = server.packet(Opcode.worldState, bodies.worldState(8, entities), true);
  const chat = client.packet(Opcode.chat, bodies.chat(1, "hello there"));
  return [
    { side: 0, wire: hello },
    { side: 1, wire: keyed },
    { side: 0, wire: login },
    { side: 1, wire: join(welcome, stats) },
    { side: 0, wire: join(moves[0] as Uint8Array, (moves[1] as Uint8Array).subarray(0, 5)) },
    { side: 0, wire: join((moves[1] as Uint8Array).subarray(5), moves[2] as Uint8Array) },
    { side: 1, wire: world.subarray(0, 30) },
    { side: 1, wire: world.subarray(30) },
    { side: 0, wire: chat },
  ];
}

function join(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
