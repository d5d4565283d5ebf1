import { definePlugin, type ProtocolDefinition } from "#contract/plugin.ts";
import { DatagramParser, type DatagramReader } from "#protocols/game-query/datagram-parser.ts";
import {
  probeEye,
  probeLostHeaven,
  probeMafia2,
  probeOpenttd,
  probeStrike2d,
  readEye,
  readLostHeaven,
  readMafia2,
  readOpenttd,
  readStrike2d,
} from "./datagrams.ts";
import { createStarmade, createTibia, probeStarmade, probeTibia } from "./streams.ts";

const overUdp = (name: string, ports: readonly number[], probe: ProtocolDefinition["probe"], read: DatagramReader): ProtocolDefinition => ({
  name,
  transports: ["udp"],
  ports,
  probe,
  create: (context) => new DatagramParser(context, read),
});

export default definePlugin({
  name: "game-servers",
  summary: "Queries of one game each: Multi Theft Auto, Mafia, Counter-Strike 2D, OpenTTD, StarMade, Tibia.",
  needs: ["game-query"],
  protocols: [
    overUdp("ase", [22126], probeEye, readEye),
    overUdp("m2mp", [27327], probeMafia2, readMafia2),
    overUdp("lhmp", [27316], probeLostHeaven, readLostHeaven),
    overUdp("cs2d", [36963], probeStrike2d, readStrike2d),
    overUdp("openttd", [3979], probeOpenttd, readOpenttd),
    { name: "starmade", transports: ["tcp"], ports: [4242], probe: probeStarmade, create: createStarmade },
    { name: "tibia", transports: ["tcp"], ports: [7171], probe: probeTibia, create: createTibia },
  ],
});
