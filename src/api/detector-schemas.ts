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

/** Answers about detectors, for OpenAPI's components. */
export const detectorAnswers = {
  Detectors: object("All detectors.", {
    detectors: list("In the order in which they hear.", row),
    running: boolean("False where no engine runs, and nothing can be changed."),
  }),
  Detector: row,
} as const satisfies { readonly [name: string]: Field };
