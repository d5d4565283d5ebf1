import { ipv4Text } from "#base/address.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ip4 } from "#capture/scenario/frames/endpoint.ts";

const perSecond = 3_000;
const seconds = 3;
const sources = 140;
const base = ip4("203.0.113.110");
/** SYN/ACKs that the server sends before its table is full. */
const backlog = 512;

export default defineActor({
  name: "syn-flood",
  summary: "Connections that nobody means to open, from invented addresses, until the web server's table is full.",
  label: "attack",
  *start(world, random) {
    yield world.wait(110);
    const invented = Array.from({ length: sources }, (_, i) => world.outside.host(ipv4Text(base + i), 30_000));
    const gap = 1e6 / perSecond;
    for (let i = 0; i < perSecond * seconds; i++) {
      const tcp = world.connect(random.pick(invented), world.office.web, 80, { clientPort: random.between(1_024, 65_536) });
      tcp.knock();
      if (i < backlog) {
        yield world.office.web.lag;
        tcp.accept();
        yield Math.max(0, gap - world.office.web.lag);
      } else yield gap * (0.5 + random.unit());
    }
  },
});
