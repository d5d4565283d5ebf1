import { useCallback, useState } from "react";

export interface Change {
  /** True while the server has not answered. */
  readonly busy: boolean;
  /** Why the last change was refused: cause and mend. */
  readonly error: string | undefined;
  /** Lets it be done; true when it was. */
  readonly run: (change: () => Promise<unknown>) => Promise<boolean>;
}

/** Changes at the server, one at a time; `done` is called after each that was made. */
export function useChange(done: () => void): Change {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = useCallback(
    async (change: () => Promise<unknown>): Promise<boolean> => {
      setBusy(true);
      setError(undefined);
      try {
        await change();
        done();
        return true;
      } catch (cause) {
        setError(textOf(cause));
        return false;
      } finally {
        setBusy(false);
      }
    },
    [done],
  );
  return { busy, error, run };
}

function textOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return "mend" in cause && typeof cause.mend === "string" && cause.mend !== "" ? `${cause.message} — ${cause.mend}` : cause.message;
}
