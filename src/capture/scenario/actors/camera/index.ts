import type { Random } from "#base/random.ts";
import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { Host } from "#capture/scenario/office.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const RTP_PORT = 5004;
const H264 = 96;
const picturesPerSecond = 10;
const payloadMax = 1_300;

export default defineActor({
  name: "camera",
  summary: "Cameras on their own VLAN send pictures to the recorder, as RTP (RFC 3550): a large one, then small differences.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    for (const [i, camera] of world.office.cameras.entries())
      world.spawn(film(world, random, camera, 40_000 + i * 2), random.between(0, 100_000));
    yield 0;
  },
});

function* film(world: World, random: Random, camera: Host, clientPort: number): Process {
  const flow = world.datagrams(camera, world.office.recorder, RTP_PORT, { clientPort });
  const source = world.steady.fork(camera.name).uint32();
  let sequence = 0;
  for (let picture = 0; world.open; picture++) {
    const begin = world.now;
    let left = picture % (picturesPerSecond * 4) === 0 ? random.between(14_000, 20_000) : random.between(500, 2_600);
    while (left > 0) {
      const size = Math.min(left, payloadMax);
      left -= size;
      const writer = new ByteWriter(size + 12).u8(0x80, (left === 0 ? 0x80 : 0) | H264).u16(sequence);
      writer.u32((picture * (90_000 / picturesPerSecond)) >>> 0, source).bytes(world.noise.bytes(random, size));
      flow.send(Side.client, writer.done());
      sequence = (sequence + 1) & 0xffff;
      yield 120;
    }
    yield 1e6 / picturesPerSecond - (world.now - begin);
  }
}
