/** Why a rule is refused; only ever thrown and caught inside the language, `parse.ts` makes a rejection of it. */
export class RuleProblem extends Error {
  /** Offset in the rule's text as one line. */
  readonly at: number;
  readonly mend: string;
  readonly kind: "error" | "unsupported" | "skipped";

  constructor(at: number, cause: string, mend: string, kind: "error" | "unsupported" | "skipped" = "error") {
    super(cause);
    this.at = at;
    this.mend = mend;
    this.kind = kind;
  }
}

/** Refuses the rule: `cause` says what is wrong at this offset, `mend` what to write instead. */
export function refuse(at: number, cause: string, mend: string): never {
  throw new RuleProblem(at, cause, mend);
}

/** Refuses the rule for a word that is right in Suricata and that Oddwire lacks. */
export function lacking(at: number, cause: string, mend = "leave the rule to Suricata, or write it without this word"): never {
  throw new RuleProblem(at, cause, mend, "unsupported");
}
