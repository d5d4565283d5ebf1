import type { PlayerRow } from "#schema/player.ts";
import type { PlayersQuestion } from "#web/state/api.ts";
import { useServices } from "#web/state/context.ts";
import { answerRowsMax, rowsUpTo } from "#web/state/rows-up-to.ts";
import { useFresh } from "#web/state/use-fresh.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";

export interface Players {
  readonly players: readonly PlayerRow[];
  /** True when there are more than were asked for. */
  readonly more: boolean;
}

/** The first `wanted` players. Asked again when the live stream tells of players, unless they are more than one answer holds. */
export function usePlayers(question: Omit<PlayersQuestion, "limit" | "cursor">, wanted: number): Loaded<Players> {
  const { api } = useServices();
  const loaded = useLoaded(JSON.stringify([question, wanted]), async (signal): Promise<Players> => {
    const { rows, more } = await rowsUpTo(
      wanted,
      (page) => api.players.list({ ...question, ...page }, signal),
      ({ players }) => players,
    );
    return { players: rows, more };
  });
  useFresh("player", wanted <= answerRowsMax ? loaded.reload : undefined);
  return loaded;
}
