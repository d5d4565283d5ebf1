import { Random } from "#base/random.ts";
import type { TrafficPoint } from "./after-image.ts";

export interface LabelledPoint extends TrafficPoint {
  readonly attack: boolean;
}

/** Hosts of a small office that speak to servers in bursts; after `calm` packets, floods, scans and slow leaks join in. */
export function* attackMix(packets: number, calm: number, seed: number): Generator<LabelledPoint> {
  const random = new Random(seed);
  const sessions = Array.from({ length: 24 }, (_, i) => session(random, i));
  let seconds = 0;
  let port = 0;
  for (let n = 0; n < packets; n++) {
    seconds += random.exponential(0.002);
    const phase = n < calm ? -1 : Math.floor((n - calm) / 400) % 8;
    const attack = phase >= 0 && random.chance([0, 0.7, 0, 0.5, 0, 0.08, 0, 0.3][phase] as number);
    if (attack) {
      port++;
      // A flood at one socket, a scan of ports, uploads by a host that never sent much, a scan of hosts.
      if (phase === 1) yield point(seconds, 60, 90, 1, 2000 + (port % 500), 80, true);
      else if (phase === 3) yield point(seconds, 44, 91, 2, 40_000, port % 10_000, true);
      else if (phase === 5) yield point(seconds, 1500, 5, 92, 50_000, 443, true);
      else yield point(seconds, 60, 93, 100 + (port % 300), 41_000, 445, true);
      continue;
    }
    const one = random.pick(sessions);
    const up = random.chance(one.upShare);
    const bytes = Math.round(Math.max(60, Math.min(1514, random.normal(up ? one.up : one.down, 30))));
    if (up) yield point(seconds, bytes, one.client, one.server, one.port, one.service, false);
    else yield point(seconds, bytes, one.server, one.client, one.service, one.port, false);
    if (random.chance(0.002)) sessions[random.between(0, sessions.length)] = session(random, n);
  }
}

function session(
  random: Random,
  n: number,
): Readonly<Record<"client" | "server" | "port" | "service" | "up" | "down" | "upShare", number>> {
  return {
    client: 1 + (n % 12),
    server: 50 + random.between(0, 8),
    port: 32_768 + random.between(0, 20_000),
    service: random.pick([443, 80, 53, 22]),
    up: random.between(80, 400),
    down: random.between(300, 1400),
    upShare: 0.3 + 0.3 * random.unit(),
  };
}

function point(seconds: number, bytes: number, from: number, to: number, port: number, service: number, attack: boolean): LabelledPoint {
  return {
    seconds,
    bytes,
    sourceMacIp: from,
    sourceHost: from,
    destinationHost: to,
    sourceSocket: from * 65_536 + port,
    destinationSocket: to * 65_536 + service,
    attack,
  };
}

/** Chance that an attack scores above a calm packet: the area under the ROC curve; ties count half. */
export function areaUnderCurve(scores: ArrayLike<number>, attacks: ArrayLike<boolean>): number {
  const order = Array.from(scores, (score, i) => ({ score, attack: attacks[i] === true })).toSorted((a, b) => a.score - b.score);
  let rankSum = 0;
  let positives = 0;
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j < order.length && order[j]?.score === order[i]?.score) j++;
    for (let k = i; k < j; k++)
      if (order[k]?.attack) {
        rankSum += (i + j + 1) / 2;
        positives++;
      }
    i = j;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * (order.length - positives));
}
