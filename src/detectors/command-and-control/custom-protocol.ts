import { textOf } from "#base/members.ts";
import { type Detector, type Finding, placeOf, type TransactionFact } from "#contract/detector.ts";
import { type KnownWords, knownWords } from "./first-words.ts";
import { hostEvidence } from "./host-words.ts";

/** Share of text in the client's first bytes, below which it does not introduce itself in fields. */
const textMin = 0.8;

/** A text of control characters is shown with points. */
const shown = (text: string): string => text.slice(0, 120).replaceAll(/[^\x20-\x7e]/g, ".");

/**
 * Connections of no known protocol by what their sides say first: tools for remote access as published reports show them,
 * shells and machine code on the wire, and machines that introduce themselves to an address outside. Keeps nothing.
 */
export class CustomProtocol implements Detector {
  readonly #evidenceMin: number;
  readonly #report: (finding: Finding) => void;

  constructor(evidenceMin: number, report: (finding: Finding) => void) {
    this.#evidenceMin = evidenceMin;
    this.#report = report;
  }

  onTransaction(fact: TransactionFact): void {
    const text = textOf(fact.fields["text"]);
    const known = knownWords(text, fact.txId, fact.side === 0);
    if (known !== undefined) this.#tellKnown(fact, known, text);
    else if (fact.side === 0 && fact.payloadTextToServer >= textMin && !fact.serverInside) this.#introduced(fact, text);
  }

  #tellKnown(fact: TransactionFact, known: KnownWords, text: string): void {
    const { client, server, serverPort } = fact;
    const speaker = fact.side === 0 ? client : server;
    const place = placeOf(fact);
    const titles = {
      tool: `${client} spoke with ${server} port ${serverPort} in the words of ${known.name}, a tool for remote access`,
      shell: `${speaker} gave ${fact.side === 0 ? server : client} a command line (${known.name}) over a bare connection to port ${serverPort} of ${server}`,
      code: `${speaker} sent ${fact.side === 0 ? server : client} machine code that runs by itself (${known.name}), over port ${serverPort} of ${server}`,
    };
    this.#report({
      ...place,
      // Who runs code or a tool is the victim's side of it; a connection to a shell accuses its opener.
      ...(known.kind === "code" && fact.side === 1 ? { source: server, target: client } : {}),
      title: titles[known.kind],
      category: known.kind === "code" ? "exploit" : "c2",
      severity: "critical",
      score: 0.95,
      confidence: 0.9,
      why: [
        { feature: "first bytes", value: shown(text), sample: fact.txId },
        { feature: "known sign", value: known.sign },
        { feature: "published by", value: known.source },
      ],
      techniques: known.kind === "tool" ? ["T1095", "T1571"] : known.kind === "shell" ? ["T1059", "T1095"] : ["T1203", "T1620"],
    });
  }

  #introduced(fact: TransactionFact, text: string): void {
    const evidence = hostEvidence(text, fact);
    if (evidence.weight < this.#evidenceMin) return;
    const { client, server, serverPort } = fact;
    this.#report({
      ...placeOf(fact),
      title: `${client} introduced itself to ${server} port ${serverPort} with its system, its name and more, in no known protocol`,
      severity: "high",
      score: evidence.score(this.#evidenceMin),
      why: [...evidence.reasons(this.#evidenceMin), { feature: "first bytes", value: shown(text), sample: fact.txId }],
      techniques: ["T1095", "T1082"],
    });
  }
}
