import { JudgedBy } from "#web/shell/judged-by.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { IndicatorsPanel } from "./indicators-panel.tsx";
import { KeywordsPanel } from "./keywords-panel.tsx";
import { RulesPanel } from "./rules-panel.tsx";
import "./rules.css";

const ASK_EVERY_MS = 5000;

/** What packets are judged by: how many rules are in use, the keywords, the lists of indicators. */
export default function RulesPage() {
  const { api } = useServices();
  const state = useLoaded("rules", api.rules.state, ASK_EVERY_MS);
  const generation = state.data?.generation ?? 0;
  const keywords = useLoaded(`keywords ${generation}`, api.rules.keywords);
  const indicators = useLoaded(`indicators ${generation}`, api.rules.indicators);
  return (
    <div className="rules">
      <h1 className="visually-hidden">Rules</h1>
      <div className="rules-which">
        <JudgedBy page="rules" />
      </div>
      <RulesPanel state={state} />
      <KeywordsPanel lists={keywords} />
      <IndicatorsPanel lists={indicators} />
    </div>
  );
}
