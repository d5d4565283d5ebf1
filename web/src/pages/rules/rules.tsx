import { useRef } from "react";
import { isAwaited } from "#web/parts/awaited-line.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { JudgedBy } from "#web/shell/judged-by.tsx";
import { useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";
import { IndicatorsPanel } from "./indicators-panel.tsx";
import { KeywordsPanel } from "./keywords-panel.tsx";
import { RulesPanel } from "./rules-panel.tsx";
import "./rules.css";

const ASK_EVERY_MS = 5000;

/** What packets are judged by: how many rules are in use, the keywords, the lists of indicators. */
export default function RulesPage() {
  const { api } = useServices();
  const state = useLoaded("rules", api.rules.state, ASK_EVERY_MS);
  const generation = isAwaited(state) ? undefined : (state.data?.generation ?? 0);
  const keywords = useKept(useLoaded(generation === undefined ? undefined : `keywords ${generation}`, api.rules.keywords));
  const indicators = useKept(useLoaded(generation === undefined ? undefined : `indicators ${generation}`, api.rules.indicators));
  return (
    <div className="rules">
      <h1 className="visually-hidden">Rules</h1>
      <div className="rules-which">
        <JudgedBy page="rules" />
      </div>
      {/* Panels get their height from the answers: all appear at once, so that none pushes the other about. */}
      {[state, keywords, indicators].some(isAwaited) ? (
        <Notice title="Loading …" />
      ) : (
        <>
          <RulesPanel state={state} />
          <KeywordsPanel lists={keywords} />
          <IndicatorsPanel lists={indicators} />
        </>
      )}
    </div>
  );
}

/** The answer for the generation before stays until that for the new one is there. */
function useKept<T>(loaded: Loaded<T>): Loaded<T> {
  const last = useRef<T | undefined>(undefined);
  last.current = loaded.data ?? last.current;
  return { ...loaded, data: last.current };
}
