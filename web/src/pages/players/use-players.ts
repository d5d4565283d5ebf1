import { useEffect, useState } from "react";
import type { PlayerRow } from "#schema/player.ts";
import type { PlayersQuestion } from "#web/state/api.ts";
import { useLive, useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";

/** Most rows of one answer. */
const answerRowsMax = 1000;
/** A store needs a moment to write what the live stream has told already. */
const settleMs = 1500;

export interface Players {
  readonly players: readonly PlayerRow[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

/** The first `wanted` players. Asked again when the live stream tells of players, unless they are more than one answer holds. */
export function usePlayers(question: Omit<PlayersQuestion, "limit" | "cursor">, wanted: number): Loaded<Players> {
  const { api } = useServices();
  const loaded = useLoaded(JSON.stringify([question, wanted]), async (signal): Promise<Players> => {
    const players: PlayerRow[] = [];
    let cursor: string | undefined;
    do {
      const page = await api.players.list({ ...question, limit: Math.min(wanted - players.length, answerRowsMax), cursor }, signal);
      players.push(...page.players);
      cursor = page.next;
    } while (cursor !== undefined && players.length < wanted);
    return { players, more: cursor !== undefined };
  });
  useFresh(wanted <= answerRowsMax ? loaded.reload : undefined);
  return loaded;
}

/** Calls `reload` a moment after the live stream has told of players. */
export function useFresh(reload: (() => void) | undefined): void {
  const told = useLive((state) => state.arrived["player"] ?? 0);
  const [seen, setSeen] = useState(told);
  const stale = told !== seen;
  // biome-ignore lint/correctness/useExhaustiveDependencies: a stream that never rests must not put the question off for ever
  useEffect(() => {
    if (!stale || reload === undefined) return undefined;
    const timer = setTimeout(() => {
      setSeen(told);
      if (document.visibilityState === "visible") reload();
    }, settleMs);
    return () => clearTimeout(timer);
  }, [stale, reload]);
}
