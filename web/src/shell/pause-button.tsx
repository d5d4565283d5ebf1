import { Icon } from "#web/parts/icon.tsx";
import { useLive, useServices } from "#web/state/context.ts";

/** Holds the view still; the capture goes on and the view catches up afterwards. */
export function PauseButton() {
  const { live } = useServices();
  const paused = useLive((state) => state.paused);
  const kept = useLive((state) => state.kept !== undefined);
  // What is stored stands still by itself.
  if (kept) return undefined;
  return (
    <button
      type="button"
      className="icon-button"
      aria-pressed={paused}
      aria-label={paused ? "Go on" : "Hold the view"}
      title={`${paused ? "Go on" : "Hold the view; the capture goes on"} (p)`}
      onClick={() => live.pause(!paused)}
    >
      <Icon name={paused ? "play" : "pause"} />
    </button>
  );
}
