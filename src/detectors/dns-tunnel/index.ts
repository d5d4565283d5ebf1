import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { DnsTunnel } from "./dns-tunnel.ts";

export default definePlugin({
  name: "dns-tunnel",
  summary: "Data carried in the names that are asked for.",
  detectors: [
    defineDetector({
      name: "dns-tunnel",
      summary: "Names that carry data to a domain: fast as a tunnel, slowly, or to many domains in turn.",
      advice: {
        meaning:
          "The names that are asked for seem to carry hidden data. In this way data leaves, or orders come in, past a firewall that lets DNS through.",
        next: "Find out which program on the machine asks and whose the domain is. If nobody knows, block the domain and examine the machine.",
      },
      category: "tunnel",
      techniques: ["T1071.004", "T1572", "T1048.003"],
      reads: ["dns"],
      settings: {
        "bytes-min": integer(
          300,
          "bytes",
          "Information of new names beyond words, within 15 to 20 min, from which on a domain is judged.",
          {
            min: 50,
          },
        ),
        "names-min": integer(10, "names", "New names of the domain, or of a client's domains, within that time.", { min: 2 }),
        "chance-min": decimal(0.75, "", "Chance of being data from which on it is told.", { max: 1 }),
        "tunnel-rate-bps": decimal(5, "B/s", "Rate from which on it is told as a tunnel; below as exfiltration."),
      },
      create: ({ report, settings }) =>
        new DnsTunnel(
          {
            bytesMin: settings["bytes-min"],
            namesMin: settings["names-min"],
            chanceMin: settings["chance-min"],
            tunnelRate: settings["tunnel-rate-bps"],
          },
          report,
        ),
    }),
  ],
});
