import { many } from "#base/units.ts";
import { useLive } from "#web/state/context.ts";
import type { LiveState } from "#web/state/live-state.ts";

/** One word on how fresh the page is: live, paused, reconnecting, finished, stored. */
export function ConnectionState() {
  const status = useLive(statusOf);
  const held = useLive((state) => state.held);
  const text = status === "paused" && held > 0 ? `paused · ${many(held, "update")} waiting` : status;
  return (
    <span className="connection" data-status={status} role="status">
      {text}
    </span>
  );
}

function statusOf(state: LiveState): string {
  if (state.connection.status === "reconnecting") return "reconnecting";
  if (state.connection.status === "gone") return "gone";
  if (state.connection.status === "live" && state.kept !== undefined) return "stored";
  if (state.paused) return "paused";
  if (state.connection.status === "live" && state.summary?.source.finished === true) return "finished";
  return state.connection.status;
}
