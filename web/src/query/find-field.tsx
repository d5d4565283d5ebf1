import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import type { Column } from "#schema/field.ts";
import { Icon } from "#web/parts/icon.tsx";
import { FindHelp } from "./find-help.tsx";
import "./find.css";

const SETTLE_MS = 250;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly onChange: (find: string) => void;
  readonly columns: readonly Column[];
  /** What is wrong with the expression, and where (column from 1). */
  readonly error?: { readonly message: string; readonly column: number | undefined } | undefined;
}

/** The search: words, or an expression of the query language. `/` comes here, Esc empties and leaves. */
export function FindField({ label, value, onChange, columns, error }: Props) {
  const [typed, setTyped] = useState(value);
  const [seen, setSeen] = useState(value);
  const input = useRef<HTMLInputElement>(null);
  const errorId = useId();
  if (value !== seen) {
    // The address changed by other means (a link, the back button): follow it.
    setSeen(value);
    setTyped(value);
  }

  useEffect(() => {
    if (typed === value) return undefined;
    const timer = setTimeout(() => {
      setSeen(typed);
      onChange(typed);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [typed, value, onChange]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") onChange(typed);
    if (event.key !== "Escape") return;
    event.stopPropagation();
    if (typed === "") input.current?.blur();
    else setTyped("");
  };

  return (
    <div className="find">
      <div className="find-box" data-error={error !== undefined}>
        <Icon name="search" size={15} />
        <input
          ref={input}
          type="search"
          data-find
          value={typed}
          aria-label={label}
          aria-invalid={error !== undefined}
          aria-describedby={error === undefined ? undefined : errorId}
          placeholder="words, or src_ip = 10.0.0.1 and dest_port < 1024"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          maxLength={1000}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        {typed === "" ? (
          <kbd>/</kbd>
        ) : (
          <button type="button" className="icon-button small" aria-label="Empty the search" onClick={() => setTyped("")}>
            <Icon name="close" size={13} />
          </button>
        )}
        <FindHelp columns={columns} onPick={(text) => setTyped(typed.trim() === "" ? text : `${typed.trim()} and ${text}`)} />
      </div>
      {error !== undefined && <FindError id={errorId} typed={value} message={error.message} column={error.column} />}
    </div>
  );
}

interface ErrorProps {
  readonly id: string;
  readonly typed: string;
  readonly message: string;
  readonly column: number | undefined;
}

/** The expression again with a mark under the place that is wrong. */
function FindError({ id, typed, message, column }: ErrorProps) {
  return (
    <div className="find-error" id={id} role="alert">
      {column !== undefined && (
        <pre aria-hidden="true">
          {typed}
          {"\n"}
          {" ".repeat(Math.max(0, column - 1))}^
        </pre>
      )}
      {message}
    </div>
  );
}
