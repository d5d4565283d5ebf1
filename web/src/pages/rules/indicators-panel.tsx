import { useId, useRef, useState } from "react";
import { count, many } from "#base/units.ts";
import type { IndicatorLists, ListRow } from "#schema/rule-lists.ts";
import { Failure } from "#web/parts/failure.tsx";
import { Icon } from "#web/parts/icon.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { useServices } from "#web/state/context.ts";
import { type Loaded, useLoaded } from "#web/state/use-loaded.ts";
import { Troubles } from "./troubles.tsx";
import { type Change, useChange } from "./use-change.ts";

/** Lists of addresses, names and fingerprints: which there are, what is on the own one, a value to look up. */
export function IndicatorsPanel({ lists }: { readonly lists: Loaded<IndicatorLists> }) {
  const change = useChange(lists.reload);
  const { data } = lists;
  const types = Object.entries(data?.types ?? {}).filter(([, number]) => number > 0);
  return (
    <section className="panel" aria-label="Indicators">
      <div className="panel-head">
        <h2>Indicators</h2>
        <span className="dim cut">
          {types.map(([type, number]) => `${count(number)} ${type}`).join(" · ")}
          {data !== undefined && data.allowed > 0 && ` · ${count(data.allowed)} allowed`}
        </span>
        <Upload change={change} />
      </div>
      <AddIndicator change={change} />
      {change.error !== undefined && (
        <p className="rules-error" role="alert">
          {change.error}
        </p>
      )}
      {lists.error !== undefined && <Failure what="The lists could not be asked for." error={lists.error} retry={lists.reload} />}
      {data !== undefined && data.lists.length === 0 && (
        <Notice title="There is no list.">Add a value above, or a file: one value a line, CSV with a header, a hosts file.</Notice>
      )}
      <ul className="rules-list" aria-label="Lists of indicators">
        {data?.lists.map((list) => (
          <List key={list.name} list={list} change={change} />
        ))}
      </ul>
      {data !== undefined && data.own.length > 0 && <Own lists={data} change={change} />}
      <div className="panel-body">
        <Troubles troubles={data?.troubles ?? []} />
        <LookUp />
      </div>
    </section>
  );
}

function List({ list, change }: { readonly list: ListRow; readonly change: Change }) {
  const { api } = useServices();
  const { name, on, origin, entries, rejected } = list;
  const isEditable = origin === "folder";
  return (
    <li data-off={!on}>
      <label className="rules-switch">
        <input
          type="checkbox"
          checked={on}
          disabled={change.busy || !isEditable}
          aria-label={`Use the list ${name}`}
          onChange={() => void change.run(() => api.rules.switchList(name, !on))}
        />
      </label>
      <span className="rules-what">
        <span className="mono rules-pattern">{name}</span>
        <span className="dim rules-about">
          {on ? many(entries, "entry", "entries") : "off"}
          {rejected > 0 && ` · ${many(rejected, "line")} refused`}
          {!isEditable && " · named by the configuration"}
        </span>
      </span>
      {isEditable ? (
        <button
          type="button"
          className="icon-button small"
          aria-label={`Remove the list ${name}`}
          disabled={change.busy}
          onClick={() => void change.run(() => api.rules.removeList(name))}
        >
          <Icon name="close" size={14} />
        </button>
      ) : (
        <span className="rules-nothing" />
      )}
    </li>
  );
}

function Own({ lists, change }: { readonly lists: IndicatorLists; readonly change: Change }) {
  const { api } = useServices();
  return (
    <>
      <h3 className="rules-sub">On the own list</h3>
      <ul className="rules-list" aria-label="Values on the own list">
        {lists.own.map(({ type, value, allow, severity, source, expires, note }) => (
          <li key={`${type} ${value} ${allow}`}>
            <span className="rules-severity" data-severity={allow ? "allow" : severity}>
              {allow ? "allow" : severity}
            </span>
            <span className="rules-what">
              <span className="mono rules-pattern">
                <span className="dim">{type}</span> {value}
              </span>
              <span className="dim rules-about">
                {[note, source, expires === "" ? "" : `until ${expires.slice(0, 10)}`].filter((part) => part !== "").join(" · ")}
              </span>
            </span>
            <button
              type="button"
              className="icon-button small"
              aria-label={`Remove ${value}`}
              disabled={change.busy}
              onClick={() => void change.run(() => api.rules.removeIndicator(value))}
            >
              <Icon name="close" size={14} />
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function AddIndicator({ change }: { readonly change: Change }) {
  const { api } = useServices();
  const [value, setValue] = useState("");
  const [note, setNote] = useState("");
  const [expires, setExpires] = useState("");
  const [allow, setAllow] = useState(false);
  const id = useId();
  const add = async (): Promise<void> => {
    const given = { value, allow, ...(note === "" ? {} : { note }), ...(expires === "" ? {} : { expires }) };
    if (!(await change.run(() => api.rules.addIndicator(given)))) return;
    setValue("");
    setNote("");
  };
  return (
    <form
      className="rules-form"
      onSubmit={(event) => {
        event.preventDefault();
        void add();
      }}
    >
      <label htmlFor={id} className="visually-hidden">
        A value to add
      </label>
      <input
        id={id}
        className="rules-input mono"
        value={value}
        placeholder="address, network, domain, URL, JA3, JA4, digest"
        spellCheck={false}
        onChange={(event) => setValue(event.target.value)}
      />
      <input className="rules-input" aria-label="Note" placeholder="note" value={note} onChange={(event) => setNote(event.target.value)} />
      <label className="rules-date">
        until
        <input className="rules-input" type="date" value={expires} onChange={(event) => setExpires(event.target.value)} />
      </label>
      <label className="rules-date">
        <input type="checkbox" checked={allow} onChange={(event) => setAllow(event.target.checked)} />
        never alert
      </label>
      <button type="submit" className="button" disabled={change.busy || value.trim() === ""}>
        Add
      </button>
    </form>
  );
}

function Upload({ change }: { readonly change: Change }) {
  const { api } = useServices();
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        className="visually-hidden"
        aria-label="A file with a list"
        tabIndex={-1}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = "";
          if (file !== undefined) void change.run(async () => api.rules.putList(file.name, await file.text()));
        }}
      />
      <button type="button" className="button push" disabled={change.busy} onClick={() => input.current?.click()}>
        Add a file
      </button>
    </>
  );
}

/** What the lists say about a value, as it is typed. */
function LookUp() {
  const { api } = useServices();
  const [value, setValue] = useState("");
  const answer = useLoaded(value.trim() === "" ? undefined : `look ${value}`, (signal) => api.rules.testIndicator(value.trim(), signal));
  const id = useId();
  const { data } = answer;
  return (
    <div className="rules-try">
      <label htmlFor={id}>Look up a value</label>
      <input
        id={id}
        className="rules-input mono"
        value={value}
        spellCheck={false}
        onChange={(event) => setValue(event.target.value.slice(0, 2000))}
      />
      {answer.error !== undefined && <p className="dim">{answer.error.message}</p>}
      {data !== undefined && (
        <p role="status">
          {data.listed !== undefined
            ? `Listed: ${data.listed.type} ${data.listed.value} on ${data.list ?? ""}${data.listed.note === "" ? "" : ` (${data.listed.note})`}.`
            : data.allowed
              ? "Allowed: it never alerts."
              : "On no list."}
        </p>
      )}
    </div>
  );
}
