import { clock, day, utc } from "#base/time-words.ts";
import { useLive } from "#web/state/context.ts";
import type { Kept } from "#web/state/live-state.ts";
import { captureShown } from "./base-path.ts";

const kinds = { live: "interface", file: "file", scenario: "demo" } as const;

/** Where the packets come from, whether they still come, and the capture's own clock. */
export function SourceState() {
  const source = useLive((state) => state.summary?.source);
  const time = useLive((state) => state.summary?.time);
  const kept = useLive((state) => state.kept);
  if (kept !== undefined) return <KeptState kept={kept} />;
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

/** Which capture or store is shown, of which days, and the way back from a capture. */
function KeptState({ kept: { store, capture } }: { readonly kept: Kept }) {
  const { from, to } = store;
  const days = from === undefined || to === undefined ? "no events" : day(from) === day(to) ? day(from) : `${day(from)} … ${day(to)}`;
  const span = from === undefined ? "The store is empty" : `Events from ${utc(from)} to ${utc(to)}`;
  return (
    <div className="source" title={capture === undefined ? span : `Read from ${capture}. ${span}`}>
      {captureShown !== undefined && <a href="/">leave the capture</a>}
      <span className="cut">
        <span className="dim source-state">{capture === undefined ? "store of " : "capture "}</span>
        <strong className="source-name">{capture ?? days}</strong>
        {capture !== undefined && <span className="dim source-state num"> {days}</span>}
      </span>
    </div>
  );
}
