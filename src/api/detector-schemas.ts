import { boolean, type Field, integer, list, number, object, optional, text } from "#schema/field.ts";
import { findingCategories } from "#schema/finding.ts";

const setting = object("A setting.", {
  name: text("Its key of the configuration without the detector's name."),
  doc: text("What it means."),
  unit: text("`s`, `ports` …; empty for none."),
  type: text("`integer`, `number`, `boolean`, `text` or `list`."),
  min: optional(number("Least value.")),
  max: optional(number("Largest value.")),
  choices: optional(list("The only values.", text("A value."))),
  default: text("What comes along."),
  configured: text("What the configuration says."),
  value: text("What counts now, as the configuration would have it."),
  changed: boolean("True when it was set while the program ran."),
});

const row = object("A detector.", {
  name: text("Its name."),
  summary: text("What it finds."),
  category: text(`${findingCategories.map((category) => `\`${category}\``).join(", ")}.`),
  techniques: list("MITRE ATT&CK techniques.", text("Technique id.")),
  enabled: boolean("Whether it looks at what comes now."),
  configured: boolean("Whether the configuration switches it on."),
  changed: boolean("True when it was switched while the program ran."),
  benched: boolean("True when it has failed and is left out, until it is switched or set."),
  findings: integer("Findings that it has told in this run."),
  settings: list("What it may be told.", setting),
});

const tried = object("A finding.", {
  detector: text("Who tells it."),
  category: text("Its category."),
  severity: text("Its severity."),
  title: text("One line for people."),
  time: text("When it is told first."),
});

const trial = object("A trial of other settings on the packets that were kept.", {
  state: text("`none`, `running`, `done` or `failed`."),
  settings: list("What is tried.", text("`scan.targets-min=60`.")),
  share: optional(number("How far it is, 0 to 1.")),
  cause: optional(text("Why it failed.")),
  report: optional(
    object("What changes.", {
      captures: integer("Files that were read."),
      truncated: boolean("True when older packets are there that were not read."),
      packets: integer("Packets.", { unit: "packets" }),
      from: text("Time of the first packet."),
      to: text("Time of the last packet."),
      detectors: list(
        "Detectors that tell anything, as they are set now or as they would be.",
        object("What one tells.", {
          detector: text("Its name."),
          category: text("Category of what it tells."),
          now: integer("Findings as it is set now."),
          tried: integer("Findings as it would be."),
          most_per_day: integer("Most of them on one day of packet time."),
          hosts: integer("Hosts that would be accused."),
          added: list("Findings that would come; of many the first.", tried),
          lost: list("Findings that would go; of many the first.", tried),
        }),
      ),
    }),
  ),
});

/** Answers about detectors, for OpenAPI's components. */
export const detectorAnswers = {
  Detectors: object("All detectors.", {
    detectors: list("In the order in which they hear.", row),
    running: boolean("False where no engine runs, and nothing can be changed."),
  }),
  Detector: row,
  DetectorTrial: trial,
} as const satisfies { readonly [name: string]: Field };
