import type { FindingRow, FindingState } from "#schema/finding-mark.ts";
import "#web/events/events.css";
import "./findings.css";

export function Severity({ of }: { readonly of: string }) {
  return (
    <span className="severity" data-severity={of}>
      {of}
    </span>
  );
}

export function StateMark({ of }: { readonly of: FindingState }) {
  return (
    <span className="finding-state" data-state={of}>
      {of}
    </span>
  );
}

const called: Readonly<Record<string, string>> = { true: "attacks", false: "mistakes", benign: "benign" };

/** What earlier verdicts say, in one sentence; empty while there are none. */
export function opinionText({ opinion, detector }: Pick<FindingRow, "opinion" | "detector">): string {
  if (opinion === undefined) return "";
  const { verdict, alike, verdicts, probability } = opinion;
  if (verdict === "unknown")
    return `Too little is alike among your ${verdicts} ${verdicts === 1 ? "verdict" : "verdicts"} to say what it is.`;
  const sure = `${Math.round(probability * 100)} % sure`;
  if (alike === 0) return `Much of it is like what you called ${called[verdict]} (${sure}).`;
  return `Like ${alike} ${alike === 1 ? "finding" : "findings"} of ${detector} that you called ${called[verdict]} (${sure}).`;
}

/** The technique's page at MITRE. It is a link for people: nothing is loaded from there. */
export function Technique({ id }: { readonly id: string }) {
  return (
    <a className="mono" href={`https://attack.mitre.org/techniques/${id.replace(".", "/")}/`} target="_blank" rel="noreferrer">
      {id}
    </a>
  );
}
