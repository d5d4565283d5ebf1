import { noteCharactersMax, type PlayerRow } from "#schema/player.ts";
import { useChange } from "#web/pages/rules/use-change.ts";
import { NoteForm } from "#web/parts/note-form.tsx";
import { useServices } from "#web/state/context.ts";

/** What people say of a player: watched, whitelisted, a note. */
export function MarksPanel({ player, reload }: { readonly player: PlayerRow; readonly reload: () => void }) {
  const { api } = useServices();
  const change = useChange(reload);
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
        <NoteForm
          held={player.note}
          charactersMax={noteCharactersMax}
          busy={change.busy}
          save={(note) => void change.run(() => api.players.mark(player.id, { note }))}
        />
        {change.error !== undefined && <p role="alert">{change.error}</p>}
      </div>
    </section>
  );
}
