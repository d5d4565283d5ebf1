import { useId, useState } from "react";
import { noteCharactersMax, type PlayerRow } from "#schema/player.ts";
import { useChange } from "#web/pages/rules/use-change.ts";
import { useServices } from "#web/state/context.ts";

/** What people say of a player: watched, whitelisted, a note. */
export function MarksPanel({ player, reload }: { readonly player: PlayerRow; readonly reload: () => void }) {
  const { api } = useServices();
  const change = useChange(reload);
  const [note, setNote] = useState(player.note);
  const [seen, setSeen] = useState(player.note);
  if (player.note !== seen) {
    // Somebody else wrote one: follow it, unless one is being written here.
    setSeen(player.note);
    if (note === seen) setNote(player.note);
  }
  const id = useId();
  return (
    <section className="panel" aria-label="Marks">
      <div className="panel-head">
        <h2>Marks</h2>
      </div>
      <div className="panel-body player-marks">
        <label>
          <input
            type="checkbox"
            checked={player.watched}
            disabled={change.busy}
            onChange={() => void change.run(() => api.players.mark(player.id, { watched: !player.watched }))}
          />
          On the watch list
        </label>
        <label title="No finding is told of a player on the whitelist, from its next event on">
          <input
            type="checkbox"
            checked={player.whitelisted}
            disabled={change.busy}
            onChange={() => void change.run(() => api.players.mark(player.id, { whitelisted: !player.whitelisted }))}
          />
          On the whitelist: nothing is found of it
        </label>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void change.run(() => api.players.mark(player.id, { note }));
          }}
        >
          <label htmlFor={id}>Note</label>
          <textarea id={id} rows={3} maxLength={noteCharactersMax} value={note} onChange={(event) => setNote(event.target.value)} />
          <button type="submit" className="button" disabled={change.busy || note === player.note}>
            Save the note
          </button>
        </form>
        {change.error !== undefined && <p role="alert">{change.error}</p>}
      </div>
    </section>
  );
}
