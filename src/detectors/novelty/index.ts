import { defineDetector, definePlugin } from "#contract/plugin.ts";
import { decimal, integer, text } from "#schema/config-key.ts";
import { FlowModelJudge, scoreWays } from "./flow-model.ts";
import { FlowNovelty } from "./flow-novelty.ts";
import { HostNovelty } from "./host-novelty.ts";
import { PacketNovelty } from "./packet-novelty.ts";

const alertsPerDay = integer(
  3,
  "findings",
  "False findings a day of packet time that are acceptable; strangeness that is told follows from it.",
  {
    min: 1,
  },
);

export default definePlugin({
  name: "novelty",
  summary: "Traffic unlike what the network usually has, learnt while it runs.",
  detectors: [
    defineDetector({
      name: "flow-novelty",
      summary: "Flows whose sizes, times and directions are unlike the others'.",
      advice: {
        meaning: "This conversation is unlike those that are usual here. That says nothing yet of good or bad.",
        next: "See what the two machines did. If it is in order, mark the finding as benign.",
      },
      category: "observation",
      settings: {
        "alerts-per-day": alertsPerDay,
        "learning-h": integer(24, "h", "Packet time in which flows are only learnt."),
        model: text("autoencoders", "What learns: small autoencoders (KitNET), or half-space trees.", {
          choices: ["autoencoders", "trees"],
        }),
      },
      create: ({ report, settings, seed, saved }) =>
        new FlowNovelty(
          {
            alertsPerDayMax: settings["alerts-per-day"],
            learningSeconds: settings["learning-h"] * 3600,
            model: settings.model === "trees" ? "trees" : "autoencoders",
            seed,
          },
          report,
          saved,
        ),
    }),
    defineDetector({
      name: "host-novelty",
      summary: "Hosts inside that do in five minutes what they never did: an autoencoder for each.",
      advice: {
        meaning: "This machine does something that it does not usually do. That says nothing yet of good or bad.",
        next: "See its flows of these minutes. If it is in order, mark the finding as benign.",
      },
      category: "observation",
      isOn: false,
      settings: {
        "alerts-per-day": alertsPerDay,
        "learning-h": integer(24, "h", "Packet time in which is only learnt."),
        "window-s": integer(300, "s", "Packet time over which a host is looked at.", { min: 10, max: 86_400 }),
        "train-windows": integer(100, "windows", "Windows with traffic that a host's autoencoder is trained with before it judges.", {
          min: 10,
        }),
      },
      create: ({ report, settings, seed, saved }) =>
        new HostNovelty(
          {
            alertsPerDayMax: settings["alerts-per-day"],
            learningSeconds: settings["learning-h"] * 3600,
            windowSeconds: settings["window-s"],
            trainWindows: settings["train-windows"],
            seed,
          },
          report,
          saved,
        ),
    }),
    defineDetector({
      name: "model",
      summary: "Flows that a model of yours (ONNX) finds odd, at their end.",
      advice: {
        meaning: "The model that you gave finds this conversation odd. What that means, whoever trained it knows.",
        next: "See what the two machines did, and which properties moved the score. If it is in order, mark the finding as benign.",
      },
      category: "observation",
      isOn: false,
      settings: {
        file: text("", "ONNX model over the 16 features of a flow, in the order of docs/how-to/bring-a-model.md."),
        output: text("", "Output of the model that is its score; empty: the last one with numbers. Of several columns the last counts."),
        score: text("high", "What is odd: a high score, a low one, or the distance between input and output (autoencoders).", {
          choices: scoreWays,
        }),
        threshold: decimal(
          0,
          "",
          "Score from which on a flow is told (for `low` down to which); 0: it follows from the scores and alerts-per-day.",
          {
            min: -1e12,
            max: 1e12,
          },
        ),
        "alerts-per-day": alertsPerDay,
        "learning-h": integer(24, "h", "Packet time in which scores are only learnt, where there is no threshold."),
      },
      create: ({ report, settings, saved, readFile }) =>
        new FlowModelJudge(
          {
            file: settings.file,
            output: settings.output,
            way: scoreWays.find((way) => way === settings.score) ?? "high",
            threshold: settings.threshold === 0 ? undefined : settings.threshold,
            alertsPerDayMax: settings["alerts-per-day"],
            learningSeconds: settings["learning-h"] * 3600,
          },
          report,
          saved,
          readFile,
        ),
    }),
    defineDetector({
      name: "packet-novelty",
      summary: "Packets that an ensemble of autoencoders rebuilds badly (KitNET). Costs every packet some microseconds.",
      advice: {
        meaning: "These packets are unlike those that are usual here. That says nothing yet of good or bad.",
        next: "See what the two machines did. If it is in order, mark the finding as benign.",
      },
      category: "observation",
      isOn: false,
      settings: {
        "alerts-per-day": alertsPerDay,
        "map-packets": integer(5000, "packets", "Packets from which it learns which features belong together.", { min: 100 }),
        "train-packets": integer(50_000, "packets", "Packets that it is trained with before it judges.", { min: 100 }),
        "window-s": integer(60, "s", "Packet time in which the worst packet of each sender is one candidate.", { min: 1 }),
        mode: text("fast", "fast: bounded, with packed weights; exact: as published.", { choices: ["fast", "exact"] }),
      },
      create: ({ report, settings, seed }) =>
        new PacketNovelty(
          {
            alertsPerDayMax: settings["alerts-per-day"],
            mapPackets: settings["map-packets"],
            trainPackets: settings["train-packets"],
            windowSeconds: settings["window-s"],
            mode: settings.mode === "exact" ? "exact" : "fast",
            seed,
          },
          report,
        ),
    }),
  ],
});
