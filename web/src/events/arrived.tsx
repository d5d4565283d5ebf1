import { useState } from "react";
import { many } from "#base/units.ts";
import { Icon } from "#web/parts/icon.tsx";
import { useLive } from "#web/state/context.ts";

/** Asks again; tells how many events of the kind have come over the stream since it was last asked. */
export function Arrived({ kind, onReload }: { readonly kind: string; readonly onReload: () => void }) {
  const total = useLive((state) => state.arrived[kind] ?? 0);
  const [seen, setSeen] = useState({ kind, total });
  if (seen.kind !== kind) setSeen({ kind, total });
  const fresh = seen.kind === kind ? total - seen.total : 0;
  const reload = () => {
    setSeen({ kind, total });
    onReload();
  };
  return (
    <button type="button" className="button" aria-label="Ask again" onClick={reload}>
      <Icon name="reload" size={14} />
      <span className="num">{fresh === 0 ? "up to date" : many(fresh, "new one")}</span>
    </button>
  );
}
