import { useCallback, useEffect, useRef, useState } from "react";
import type { OddwireEvent } from "#schema/event.ts";
import type { Question } from "./api.ts";
import { useServices } from "./context.ts";

/** Rows that a table holds at most; beyond them a narrower search is the better way. */
const ROWS_MAX = 20_000;

interface Pages {
  readonly events: readonly OddwireEvent[];
  readonly error: Error | undefined;
  readonly loading: boolean;
  /** False at the end, and when the table is full. */
  readonly more: boolean;
  readonly full: boolean;
  readonly loadMore: () => void;
  readonly reload: () => void;
}

type State = Pick<Pages, "events" | "error" | "loading"> & { readonly next: string | undefined };
const nothing: State = { events: [], error: undefined, loading: true, next: undefined };

/** The answer to a question, page behind page. Another question starts anew; `undefined` asks nothing yet. */
export function usePages(question: Question | undefined): Pages {
  const { api } = useServices();
  const [state, setState] = useState<State>(nothing);
  const [round, setRound] = useState(0);
  const aborter = useRef<AbortController>(undefined);
  const key = question === undefined ? undefined : JSON.stringify(question);

  const ask = useCallback(
    (wanted: Question, before: readonly OddwireEvent[]) => {
      const own = new AbortController();
      aborter.current?.abort();
      aborter.current = own;
      setState((held) => ({ ...held, loading: true }));
      api.events(wanted, own.signal).then(
        (page) => {
          if (!own.signal.aborted) setState({ events: [...before, ...page.events], error: undefined, loading: false, next: page.next });
        },
        (cause: unknown) => {
          const error = cause instanceof Error ? cause : new Error(String(cause));
          if (!own.signal.aborted) setState({ events: before, error, loading: false, next: undefined });
        },
      );
    },
    [api],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round asks the same question again
  useEffect(() => {
    if (key !== undefined) ask(JSON.parse(key) as Question, []);
    return () => aborter.current?.abort();
  }, [key, ask, round]);

  const full = state.events.length >= ROWS_MAX;
  const more = state.next !== undefined && !full;
  const loadMore = () => {
    if (question !== undefined && more && !state.loading) ask({ ...question, cursor: state.next }, state.events);
  };
  return {
    events: state.events,
    error: state.error,
    loading: state.loading,
    more,
    full,
    loadMore,
    reload: () => setRound((value) => value + 1),
  };
}
