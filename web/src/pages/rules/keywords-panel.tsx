import { useId, useState } from "react";
import { many } from "#base/units.ts";
import type { KeywordLists, KeywordRow } from "#schema/rule-lists.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { eventsRoute } from "#web/shell/route.ts";
import { useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";
import { Troubles } from "./troubles.tsx";
import { type Change, useChange } from "./use-change.ts";

/** The keywords: those that are looked for, a line to add one, a text to try them on. */
export function KeywordsPanel({ lists }: { readonly lists: Loaded<KeywordLists> }) {
  const [find, setFind] = useState("");
  const change = useChange(lists.reload);
  const keywords = lists.data?.keywords ?? [];
  const wanted = find.trim().toLowerCase();
  const found = keywords.filter(({ text }) => text.toLowerCase().includes(wanted));
  // One's own stand first.
  const shown = [...found.filter(({ own }) => own), ...found.filter(({ own }) => !own)];
  return (
    <section className="panel" aria-label="Keywords">
      <div className="panel-head">
        <h2>Keywords</h2>
        <span className="dim">
          {keywords.filter(({ on }) => on).length} of {keywords.length} on
        </span>
        <input
          className="rules-input push"
          type="search"
          aria-label="Find a keyword"
          placeholder="Find"
          value={find}
          onChange={(event) => setFind(event.target.value)}
        />
      </div>
      <AddKeyword change={change} />
      {change.error !== undefined && (
        <p className="rules-error" role="alert">
          {change.error}
        </p>
      )}
      {lists.error !== undefined && <Failure what="The keywords could not be asked for." error={lists.error} retry={lists.reload} />}
      {lists.data !== undefined && shown.length === 0 && (
        <Notice title={keywords.length === 0 ? "No keyword is looked for." : `No keyword contains “${find}”.`} />
      )}
      <ul className="rules-list" aria-label="All keywords">
        {shown.map((row) => (
          <Keyword key={row.sid} row={row} change={change} />
        ))}
      </ul>
      <div className="panel-body">
        <Troubles troubles={lists.data?.troubles ?? []} />
        <TryKeywords />
      </div>
    </section>
  );
}

function Keyword({ row, change }: { readonly row: KeywordRow; readonly change: Change }) {
  const { api } = useServices();
  const { sid, kind, pattern, contexts, direction, ports, severity, note, on, own, list, text } = row;
  const where = [
    contexts.join(", ") || "everywhere",
    direction === "both" ? "" : direction.replace("_", " "),
    ports === "" ? "" : `port ${ports}`,
  ];
  return (
    <li data-off={!on}>
      <label className="rules-switch" title={on ? "looked for" : "not looked for"}>
        <input
          type="checkbox"
          checked={on}
          disabled={change.busy}
          aria-label={`Look for ${kind} ${pattern}`}
          onChange={() => void change.run(() => api.rules.switchKeyword(sid, !on))}
        />
      </label>
      <span className="rules-severity" data-severity={severity}>
        {severity}
      </span>
      <span className="rules-what">
        <span className="mono rules-pattern" title={text}>
          <span className="dim">{kind}</span> {pattern}
        </span>
        <span className="dim rules-about">
          {note === "" ? "" : `${note} · `}
          {where.filter((part) => part !== "").join(" · ")} · {list} {row.line} ·{" "}
          <Link to={eventsRoute("alert", `sid = ${sid}`)} className="num" title="Its alerts">
            {sid}
          </Link>
        </span>
      </span>
      {own ? (
        <button
          type="button"
          className="icon-button small"
          aria-label={`Remove ${kind} ${pattern}`}
          disabled={change.busy}
          onClick={() => void change.run(() => api.rules.removeKeyword(sid))}
        >
          <Icon name="close" size={14} />
        </button>
      ) : (
        <span className="rules-nothing" />
      )}
    </li>
  );
}

function AddKeyword({ change }: { readonly change: Change }) {
  const { api } = useServices();
  const [line, setLine] = useState("");
  const id = useId();
  return (
    <form
      className="rules-form"
      onSubmit={(event) => {
        event.preventDefault();
        void change.run(() => api.rules.addKeyword(line)).then((isAdded) => isAdded && setLine(""));
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        A keyword to add
      </label>
      <input
        id={id}
        className="rules-input mono"
        value={line}
        placeholder={'word "frobnicate" context=http-uri severity=high note="…"'}
        spellCheck={false}
        onChange={(event) => setLine(event.target.value)}
      />
      <button type="submit" className="button" disabled={change.busy || line.trim() === ""}>
        Add
      </button>
    </form>
  );
}

/** Which keywords a text fires, as it is typed. */
function TryKeywords() {
  const { api } = useServices();
  const [text, setText] = useState("");
  const hits = useLoaded(text === "" ? undefined : `try ${text}`, (signal) => api.rules.testKeywords(text, signal));
  const id = useId();
  return (
    <div className="rules-try">
      <label htmlFor={id}>Try a text</label>
      <input
        id={id}
        className="rules-input mono"
        value={text}
        spellCheck={false}
        onChange={(event) => setText(event.target.value.slice(0, 2000))}
      />
      {text !== "" && hits.data !== undefined && (
        <p role="status">
          {hits.data.length === 0
            ? "No keyword is in it."
            : `${many(hits.data.length, "keyword")}: ${hits.data.map((hit) => `“${hit.matched}” (${hit.sid})`).join(", ")}`}
        </p>
      )}
    </div>
  );
}
