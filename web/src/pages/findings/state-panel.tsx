import { useEffect } from "react";
import type { FindingAnswer, FindingState } from "#schema/finding-mark.ts";
import { noteCharactersMax } from "#schema/player.ts";
import { useChange } from "#web/pages/rules/use-change.ts";
import { NoteForm } from "#web/parts/note-form.tsx";
import { When } from "#web/parts/when.tsx";
import { useServices } from "#web/state/context.ts";
import { AllowForm } from "./allow-form.tsx";
import { opinionText } from "./finding-words.tsx";

const buttons: readonly { readonly state: FindingState; readonly label: string; readonly keyName: string; readonly meaning: string }[] = [
  { state: "seen", label: "Seen", keyName: "s", meaning: "Somebody has looked" },
  { state: "closed", label: "Close", keyName: "c", meaning: "It was right, and is dealt with" },
  { state: "false", label: "False", keyName: "f", meaning: "The detector was mistaken" },
  { state: "benign", label: "Benign", keyName: "b", meaning: "It is right, and nothing bad" },
];

/** Where a finding stands, what people and earlier verdicts say of it, and how it is never told again. */
export function StatePanel({ answer, reload }: { readonly answer: FindingAnswer; readonly reload: () => void }) {
  const { api } = useServices();
  const { finding } = answer;
  const { busy, error, run } = useChange(reload);
  const set = (state: FindingState) => void run(() => api.findings.mark(finding.id, { state: state === finding.state ? "new" : state }));
  useKeys(set, busy);
  const opinion = opinionText(finding);
  return (
    <section className="panel" aria-label="State">
      <div className="panel-head">
        <h2>State</h2>
        {finding.changed > 0 && (
          <span className="dim">
            changed <When time={finding.changed * 1000} date /> {finding.who !== "" && `by ${finding.who}`}
          </span>
        )}
      </div>
      <div className="panel-body finding-marks">
        <div className="finding-buttons">
          {buttons.map(({ state, label, keyName, meaning }) => (
            <button
              key={state}
              type="button"
              className="button"
              title={`${meaning} (${keyName})`}
              aria-keyshortcuts={keyName}
              aria-pressed={finding.state === state}
              disabled={busy}
              onClick={() => set(state)}
            >
              {label}
            </button>
          ))}
        </div>
        {opinion !== "" && (
          <div>
            <p className="finding-said">{opinion}</p>
            {finding.opinion !== undefined && finding.opinion.verdict !== "unknown" && (
              <ul className="finding-around dim">
                {finding.opinion.reasons.slice(0, 4).map(({ feature, weight }) => (
                  <li key={feature}>
                    {weight > 0 ? "for it" : "against it"}: {feature}
                  </li>
                ))}
              </ul>
            )}
          </div>
        )}
        <NoteForm
          held={finding.note}
          charactersMax={noteCharactersMax}
          busy={busy}
          save={(note) => void run(() => api.findings.mark(finding.id, { note }))}
        />
        {error !== undefined && (
          <p role="alert" className="finding-error">
            {error}
          </p>
        )}
        <AllowForm answer={answer} />
      </div>
    </section>
  );
}

/** Keys of the states, while nothing is being typed. */
function useKeys(set: (state: FindingState) => void, busy: boolean): void {
  useEffect(() => {
    const onKeyDown = ({ key, target, ctrlKey, metaKey, altKey }: KeyboardEvent) => {
      const isTyping = target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
      const button = buttons.find(({ keyName }) => keyName === key);
      if (button !== undefined && !busy && !isTyping && !ctrlKey && !metaKey && !altKey) set(button.state);
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [set, busy]);
}
