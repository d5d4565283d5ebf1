import { definePlugin } from "#contract/plugin.ts";
import { DatagramParser } from "#protocols/game-query/datagram-parser.ts";
import { readDoom } from "./doom.ts";
import { readDatagram } from "./parser.ts";
import { probe, probeDoom } from "./probe.ts";

export default definePlugin({
  name: "quake",
  summary: "Quake and what came of its engines: status, joining, Call of Duty, CitizenFX; Doom 3, Quake 4, Quake Wars.",
  needs: ["game-query"],
  protocols: [
    {
      name: "quake",
      transports: ["udp"],
      ports: [27960, 27910, 27500, 26000, 28960, 30120],
      probe,
      create: (context) => new DatagramParser(context, readDatagram),
    },
    {
      name: "doom3",
      transports: ["udp"],
      ports: [27666, 27733, 28004],
      probe: probeDoom,
      create: (context) => new DatagramParser(context, readDoom),
    },
  ],
});
