import { Failure } from "#web/parts/failure.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { useServices } from "#web/state/context.ts";
import { useLoaded } from "#web/state/use-loaded.ts";
import { AlertsPanel } from "./alerts-panel.tsx";
import { CounterPanels } from "./counter-panels.tsx";
import { FeedPanel } from "./feed-panel.tsx";
import { StatusPanel } from "./status-panel.tsx";
import "./suricata.css";

const ASK_EVERY_MS = 1000;

/** The Suricata, and the Zeek, beside the engine: how it is, what it says, what it counts. */
export default function SuricataPage() {
  const { api } = useServices();
  const answer = useLoaded("suricata", api.suricata, ASK_EVERY_MS);
  const { suricata, zeek } = answer.data ?? {};
  return (
    <div className="suricata">
      <h1 className="visually-hidden">Suricata</h1>
      {answer.error !== undefined && <Failure what="Suricata's state could not be asked for." error={answer.error} retry={answer.reload} />}
      {answer.data === undefined && answer.error === undefined && <Notice title="Loading …" />}
      {suricata?.mode === "off" && zeek === undefined && (
        <section className="panel" aria-label="Suricata">
          <Notice title="No Suricata runs beside Oddwire.">
            Start one on the same interface with <code>oddwire live --suricata</code>, or follow one that is there with{" "}
            <code>--suricata follow=/var/log/suricata/eve.json</code>. Its alerts are joined to Oddwire’s flows. A Zeek’s logs are followed
            with <code>--zeek DIR</code>.
          </Notice>
        </section>
      )}
      {(suricata === undefined || suricata.mode !== "off" || zeek !== undefined) && (
        <>
          <div className="suricata-panels">
            {suricata !== undefined && suricata.mode !== "off" && <StatusPanel status={suricata} />}
            <AlertsPanel />
          </div>
          <div className="suricata-panels">
            {suricata?.counts !== undefined && <FeedPanel name="Suricata’s events" counts={suricata.counts} />}
            {zeek !== undefined && <FeedPanel name="Zeek’s logs" counts={zeek.counts} source={zeek.source} state={zeek.state} />}
          </div>
          {suricata?.counters !== undefined && <CounterPanels groups={suricata.counters} at={suricata.counters_at} />}
        </>
      )}
    </div>
  );
}
