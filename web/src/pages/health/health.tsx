import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { Counters } from "./counters.tsx";
import { EnginePanel } from "./engine-panel.tsx";
import { StorePanel } from "./store-panel.tsx";
import { UsualPanel } from "./usual-panel.tsx";
import "./health.css";

const ASK_EVERY_MS = 2000;

/** Is the machinery well: engine, store, every counter with its meaning. */
export default function HealthPage() {
  const { api } = useServices();
  const health = useLoaded("health", api.health, ASK_EVERY_MS);
  return (
    <div className="health">
      <h1 className="visually-hidden">Health</h1>
      {health.error !== undefined && (
        <Failure what="The engine's health could not be asked for." error={health.error} retry={health.reload} />
      )}
      {health.data === undefined && health.error === undefined && <Notice title="Loading …" />}
      {health.data !== undefined && (
        <div className="health-panels">
          <div className="health-column">
            <EnginePanel health={health.data} />
            <UsualPanel />
          </div>
          <StorePanel store={health.data.store} />
        </div>
      )}
      {(health.data !== undefined || health.error !== undefined) && <Counters />}
    </div>
  );
}
