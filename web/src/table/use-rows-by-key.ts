import { type KeyboardEvent, useState } from "react";

interface Rows {
  readonly count: number;
  readonly keyOf: (index: number) => string | number;
  readonly open: (index: number) => void;
  readonly show: (index: number) => void;
  /** Rows in one screen, for Page Up and Page Down. */
  readonly page: number;
}

/**
 * The active row of a table and the keys that move it: arrows (or j, k), Page Up, Page Down, Home, End; Enter opens.
 * The row is remembered by its key, so that it stays marked while live rows change places.
 */
export function useRowsByKey({ count, keyOf, open, show, page }: Rows) {
  const [active, setActive] = useState<string | number | undefined>(undefined);

  const indexOfActive = (): number => {
    for (let i = 0; i < count; i++) if (keyOf(i) === active) return i;
    return -1;
  };
  const moveTo = (index: number) => {
    if (count === 0) return;
    const within = Math.max(0, Math.min(count - 1, index));
    setActive(keyOf(within));
    show(within);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target !== event.currentTarget) return;
    const at = indexOfActive();
    const target = {
      ArrowDown: at + 1,
      j: at + 1,
      ArrowUp: at - 1,
      k: at - 1,
      PageDown: at + page,
      PageUp: at - page,
      Home: 0,
      End: count - 1,
    }[event.key];
    if (target !== undefined) moveTo(target);
    else if (event.key === "Enter" && at >= 0) open(at);
    else return;
    event.preventDefault();
  };
  return { active, setActive, onKeyDown };
}
