import { clock, day, utc } from "#base/time-words.ts";
import { useLive } from "#web/state/context.ts";

const kinds = { live: "interface", file: "file", scenario: "demo" } as const;

/** Where the packets come from, whether they still come, and the capture's own clock. */
export function SourceState() {
  const source = useLive((state) => state.summary?.source);
  const time = useLive((state) => state.summary?.time);
  if (source === undefined) return undefined;
  return (
    <div className="source" title={`${kinds[source.kind]} ${source.name}, ${source.finished ? "finished" : "running"}`}>
      <span className="cut">
        <span className="dim">{kinds[source.kind]}</span> <strong className="source-name">{source.name}</strong>
        <span className="dim source-state"> {source.finished ? "finished" : "running"}</span>
      </span>
      <time className="num source-clock" title={`Capture clock: ${day(time)} local, ${utc(time)}`}>
        {clock(time)}
      </time>
    </div>
  );
}
