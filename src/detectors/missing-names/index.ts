import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { Dga } from "./dga.ts";
import { NxdomainStorm } from "./storm.ts";

export default definePlugin({
  name: "missing-names",
  summary: "Names that do not exist, in numbers: made-up domains, floods and searches below one domain.",
  detectors: [
    defineDetector({
      name: "dga",
      summary: "A machine that is told of many made-up domains that they do not exist.",
      advice: {
        meaning: "A program tries one made-up name after the other until one exists, as malware does to find its masters.",
        next: "Take the machine off the network and examine it, unless it is a mail or security gateway that looks up names of others.",
      },
      category: "c2",
      techniques: ["T1568.002"],
      reads: ["dns"],
      settings: {
        "made-up-min": integer(8, "domains", "Made-up domains of a client that do not exist.", { min: 2 }),
        "score-min": decimal(0.7, "", "Score from which on a name counts as made up.", { max: 1 }),
        "share-min": decimal(0.5, "", "Share of them among the client's domains that do not exist.", { max: 1 }),
        "missing-min": integer(50, "domains", "Domains of joined words that do not exist.", { min: 5 }),
        "window-s": integer(1800, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new Dga(
          {
            madeUpMin: settings["made-up-min"],
            scoreMin: settings["score-min"],
            shareMin: settings["share-min"],
            missingMin: settings["missing-min"],
            windowSeconds: settings["window-s"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "nxdomain-storm",
      summary: "Many names below one domain that do not exist: floods of random ones, searches by words.",
      advice: {
        meaning: "Somebody asks for very many names that do not exist: to overload the name server, or to find out which names there are.",
        next: "Find out who asks. Limit questions per client on the name server if it becomes slow.",
      },
      category: "flood",
      techniques: ["T1498", "T1499.002", "T1590.002"],
      reads: ["dns"],
      settings: {
        "names-min": integer(200, "names", "Different names below one domain that do not exist.", { min: 10 }),
        "window-s": integer(60, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) => new NxdomainStorm({ namesMin: settings["names-min"], windowSeconds: settings["window-s"] }, report),
    }),
  ],
});
