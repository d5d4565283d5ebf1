import { defineActor } from "#capture/scenario/actor.ts";
import { ByteWriter } from "#capture/scenario/content/byte-writer.ts";
import { writeIcmp } from "#capture/scenario/frames/datagram.ts";
import { type Path, Side } from "#capture/scenario/frames/endpoint.ts";
import type { Process } from "#capture/scenario/scheduler.ts";
import type { World } from "#capture/scenario/world.ts";

const PAYLOAD = Uint8Array.from({ length: 48 }, (_, i) => i + 16);

export default defineActor({
  name: "ping",
  summary: "The administrator's monitoring asks the servers every few seconds whether they are there.",
  label: "ordinary",
  isLasting: true,
  *start(world, random) {
    const { gateway, files, web, backup, printer } = world.office;
    const id = random.between(1, 65_536);
    for (let sequence = 1; world.open; sequence = (sequence + 1) & 0xffff) {
      for (const host of [gateway, files, web, backup, printer])
        yield* echo(world, { ends: [world.office.admin, host], version: sequence % 3 === 0 ? 6 : 4 }, id, sequence);
      yield 5_000_000;
    }
  },
});

function* echo(world: World, path: Path, id: number, sequence: number): Process {
  const trace = world.trace(world.office.admin, path.ends[1] as typeof world.office.admin, path.version);
  const message = (side: Side): Uint8Array =>
    new ByteWriter(64)
      .u8(path.version === 4 ? (side === Side.client ? 8 : 0) : 128 + side, 0)
      .u16(0, id, sequence)
      .bytes(PAYLOAD)
      .done();
  world.frames.commit(writeIcmp(world.frames, path, Side.client, message(Side.client)), trace, world.now);
  yield path.ends[1].lag;
  world.frames.commit(writeIcmp(world.frames, path, Side.server, message(Side.server)), trace, world.now);
  yield 2_000;
}
