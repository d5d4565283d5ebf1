import { boolean, type Field, integer, list, number, object, open, optional, text } from "#schema/field.ts";
import { findingCategories, severities } from "#schema/finding.ts";
import { findingStates } from "#schema/finding-mark.ts";

const oneOf = (values: readonly string[]): string => values.map((value) => `\`${value}\``).join(", ");

const mark = {
  state: text(`${oneOf(findingStates)}: closed is right and dealt with, false a mistake, benign right and nothing bad.`),
  note: text("What people wrote on it; may be empty."),
  who: text("Who changed it last, as they call themselves; may be empty."),
  changed: integer("When; 0 for never.", { unit: "ms since 1970" }),
};

const opinion = object("What earlier verdicts say of it.", {
  verdict: text("`true`, `false`, `benign`, or `unknown` where too little is alike."),
  probability: number("0 to 1."),
  alike: integer("Verdicts of this class on findings of the same detector."),
  verdicts: integer("Verdicts that it was learned from."),
  reasons: list(
    "What speaks for it, strongest first.",
    object("A reason.", { feature: text("Part of the finding."), weight: number("Below 0 against it.", { unit: "nats" }) }),
  ),
});

const row = object("A finding, all that was told of it.", {
  id: text("The same for everything told of one cause."),
  detector: text("Detector that says so."),
  category: text(`${oneOf(findingCategories)}.`),
  severity: text(`${oneOf(severities)}.`),
  title: text("One line for people."),
  score: number("How far it stands out, 0 to 1."),
  confidence: number("How sure the detector is, 0 to 1."),
  signs: integer("How often its cause was seen until it was last told."),
  first: text("Time of the first sign."),
  last: text("Time of the newest telling."),
  source: optional(text("Who is accused, or whom it is about.")),
  target: optional(text("Whom it was done to.")),
  flow_id: optional(integer("Identity of a flow of it.")),
  techniques: list("MITRE ATT&CK techniques.", text("Technique id.")),
  ...mark,
  opinion: optional(opinion),
});

/** Answers about findings, for OpenAPI's components. */
export const findingAnswers = {
  Findings: object("Findings, each once.", {
    findings: list("Those that match.", row),
    next: optional(text("`cursor` of the next page; absent at the end.")),
  }),
  Finding: object("A finding.", {
    finding: row,
    tellings: list("Everything told of it, newest first.", open("A finding's event.")),
    flows: list("The flow that it names, once it has ended.", open("A flow.")),
    alerts: list("Alerts between its hosts, newest first.", open("An alert.")),
    allow: list("Entries of the allow-list that would keep it back, narrowest first.", text("An entry.")),
    advice: optional(
      object("For people who are no experts.", {
        meaning: text("What has probably happened, the harmless way too, and how bad it would be."),
        next: text("What to do about it."),
      }),
    ),
  }),
  FindingMark: object("What people say of a finding.", { finding: text("Id of the finding."), ...mark }),
  Techniques: object("Techniques that findings name.", {
    techniques: list(
      "Most findings first.",
      object("A technique.", {
        technique: text("ATT&CK's id: `T1046`."),
        findings: integer("Findings that name it."),
        hosts: integer("Hosts that are accused of it."),
        severity: text("The highest of them."),
        detectors: list("Who has found it.", text("Detector.")),
      }),
    ),
    truncated: boolean("True when there are older findings than were looked at."),
  }),
  HostRisks: object("Risk of hosts.", {
    time: integer("Time that the risks hold for.", { unit: "µs since 1970" }),
    hosts: list(
      "Riskiest first.",
      object("A host.", {
        host: text("Address or name."),
        risk: number("Threat level × confidence of what was found of it, each halved with every hour since."),
        severity: optional(text("Absent below the threshold.")),
        causes: list(
          "What makes it, heaviest first.",
          object("A cause.", {
            id: text("Finding."),
            title: text("One line for people."),
            risk: number("What it adds."),
            is_target: boolean("True when it was done to the host."),
          }),
        ),
        techniques: list("MITRE ATT&CK techniques.", text("Technique id.")),
      }),
    ),
    truncated: boolean("True when there are older findings than were looked at."),
  }),
} as const satisfies { readonly [name: string]: Field };
