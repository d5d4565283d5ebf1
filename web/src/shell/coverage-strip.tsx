import { Tooltip } from "@mantine/core";
import { coverageItems } from "#client/coverage-items.ts";
import { useLive } from "#web/state/context.ts";

/** What could not be seen, always in sight: “not found” is not “not looked at”. */
export function CoverageStrip() {
  const coverage = useLive((state) => state.summary?.coverage ?? state.kept?.run?.coverage);
  const kept = useLive((state) => state.kept !== undefined);
  const connected = useLive((state) => state.connection.status === "live");
  return (
    <section className="coverage" aria-label="Coverage: what could not be looked at">
      <span className="coverage-title" title="What was not looked at cannot be found.">
        Coverage
      </span>
      {coverage === undefined && (
        <span className="dim">
          {kept
            ? "not known: the store has no figures of the run that wrote it"
            : connected
              ? "waiting for the first summary"
              : "not connected"}
        </span>
      )}
      {coverage !== undefined &&
        coverageItems(coverage).map((item) => (
          <Tooltip
            key={item.key}
            label={item.meaning}
            multiline
            maw={320}
            withArrow
            openDelay={150}
            events={{ hover: true, focus: true, touch: true }}
          >
            <button type="button" className="coverage-item" data-tone={item.tone} data-key={item.key} aria-description={item.meaning}>
              {item.label} <b>{item.value}</b>
            </button>
          </Tooltip>
        ))}
    </section>
  );
}
