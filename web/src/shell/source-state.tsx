import { clock, day, utc } from "#base/time-words.ts";
import type { StoreFacts } from "#schema/api.ts";
import { useLive } from "#web/state/context.ts";

const kinds = { live: "interface", file: "file", scenario: "demo" } as const;

/** Where the packets come from, whether they still come, and the capture's own clock. */
export function SourceState() {
  const source = useLive((state) => state.summary?.source);
  const time = useLive((state) => state.summary?.time);
  const store = useLive((state) => state.kept?.store);
  if (source === undefined) return store === undefined ? undefined : <StoreState store={store} />;
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

/** Of which days the store tells. */
function StoreState({ store: { from, to } }: { readonly store: StoreFacts }) {
  if (from === undefined || to === undefined) return <div className="source dim">an empty store</div>;
  const days = day(from) === day(to) ? day(from) : `${day(from)} … ${day(to)}`;
  return (
    <div className="source" title={`The store holds events from ${utc(from)} to ${utc(to)}`}>
      <span className="cut">
        <span className="dim source-state">store of </span>
        <strong className="source-name num">{days}</strong>
      </span>
    </div>
  );
}
