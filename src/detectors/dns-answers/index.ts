import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer } from "#schema/config-key.ts";
import { FastFlux } from "./fast-flux.ts";
import { AnswerRace } from "./race.ts";
import { Rebinding } from "./rebinding.ts";
import { SearchPage } from "./search-page.ts";

export default definePlugin({
  name: "dns-answers",
  summary: "Answers of DNS that change too much, lead into the network, or contradict each other.",
  detectors: [
    defineDetector({
      name: "fast-flux",
      summary: "A name whose short-lived addresses change among many unrelated networks.",
      advice: {
        meaning:
          "The name moves from one network to the next within minutes, as names do behind which hijacked machines hide a criminal's server.",
        next: "Look which program asked for the name and block the name, unless it belongs to a large service that you know.",
      },
      category: "c2",
      techniques: ["T1568.001"],
      reads: ["dns"],
      settings: {
        "addresses-min": integer(20, "addresses", "Different addresses of a name.", { min: 2 }),
        "networks-min": integer(15, "networks", "Networks of 65,536 addresses that they are in.", { min: 2 }),
        "blocks-min": integer(8, "blocks", "Blocks of 16 million addresses that they are in.", { min: 1 }),
        "changes-min": integer(3, "answers", "Answers that brought a network not seen before.", { min: 1 }),
        "ttl-max-s": integer(600, "s", "Longest time to live of an answer that counts."),
        "window-s": integer(7200, "s", "Packet time in which they are counted.", { min: 1 }),
      },
      create: ({ report, settings }) =>
        new FastFlux(
          {
            addressesMin: settings["addresses-min"],
            networksMin: settings["networks-min"],
            blocksMin: settings["blocks-min"],
            changesMin: settings["changes-min"],
            ttlSecondsMax: settings["ttl-max-s"],
            windowSeconds: settings["window-s"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "dns-rebinding",
      summary: "A name that leads out, and at once after into the network.",
      advice: {
        meaning:
          "A name led outside first and then to a machine of this network: by that trick a web page attacks devices behind the firewall.",
        next: "Let your name server refuse private addresses for names outside, and give the device a password.",
      },
      category: "exploit",
      reads: ["dns"],
      settings: {
        "ttl-max-s": integer(120, "s", "Longest time to live of both answers."),
        "gap-max-s": integer(600, "s", "Longest time between them.", { min: 1 }),
        "gate-domains-min": integer(3, "domains", "Domains that a server turns inward within 30 s as the gate of a network does.", {
          min: 2,
        }),
      },
      create: ({ report, settings }) =>
        new Rebinding(
          {
            ttlSecondsMax: settings["ttl-max-s"],
            gapSecondsMax: settings["gap-max-s"],
            gateDomainsMin: settings["gate-domains-min"],
          },
          report,
        ),
    }),
    defineDetector({
      name: "dns-answer-race",
      summary: "More answers than questions, that contradict each other: somebody answers in the server's name.",
      advice: {
        meaning:
          "Two answers to one question contradict each other: somebody on the way answers in the name server's place, to lead people elsewhere.",
        next: "Compare with the answer of a name server that you trust. Use encrypted DNS if the provider does it; search the network if the second answer comes from inside.",
      },
      category: "spoofing",
      techniques: ["T1557"],
      reads: ["dns"],
      settings: {
        "gap-max-ms": integer(500, "ms", "Longest time between two answers to one question.", { min: 1 }),
        "races-min": integer(1, "answers", "Contradicting answers of a server that are told.", { min: 1 }),
      },
      create: ({ report, settings }) => new AnswerRace({ gapMillisMax: settings["gap-max-ms"], racesMin: settings["races-min"] }, report),
    }),
    defineDetector({
      name: "dns-search-page",
      summary: "A name server that leads names which do not exist to a search page.",
      advice: {
        meaning:
          "The name server invents addresses for names that do not exist and leads people to a page of its own, as some providers do.",
        next: "Use another name server, or switch this off with the provider: programs take such names for real ones.",
      },
      category: "spoofing",
      techniques: ["T1557"],
      reads: ["dns", "http"],
      settings: {
        "score-min": decimal(0.9, "", "Score from which on a name is one that nobody has registered.", { max: 1 }),
        "page-max-bytes": integer(2048, "bytes", "Longest page that does nothing but send on."),
      },
      create: ({ report, settings }) =>
        new SearchPage({ scoreMin: settings["score-min"], pageBytesMax: settings["page-max-bytes"] }, report),
    }),
  ],
});
