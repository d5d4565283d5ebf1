import { defineActor } from "#capture/scenario/actor.ts";
import { writeArp } from "#capture/scenario/frames/arp.ts";
import type { Host } from "#capture/scenario/office.ts";

const times = 20;

export default defineActor({
  name: "arp-spoof",
  summary: "A desk tells the others that the router's address is its own, again and again.",
  label: "attack",
  *start(world, random) {
    const liar = world.office.workstations[15] as Host;
    const claimed: Host = { ...liar, ip4: world.office.gateway.ip4 };
    yield world.wait(222);
    for (let i = 0; i < times; i++) {
      const victim = world.office.workstations[i % 4] as Host;
      const end = writeArp(world.frames, claimed, victim, "answer");
      world.frames.commit(end, world.trace(liar, victim), world.now);
      yield random.between(700_000, 1_100_000);
    }
  },
});
