import { useId, useState } from "react";
import "./note-form.css";

interface Props {
  /** What is noted now. */
  readonly held: string;
  readonly charactersMax: number;
  readonly busy: boolean;
  readonly save: (note: string) => void;
}

/** A note that several people may write. */
export function NoteForm({ held, charactersMax, busy, save }: Props) {
  const [note, setNote] = useState(held);
  const [seen, setSeen] = useState(held);
  if (held !== seen) {
    // Somebody else wrote one: follow it, unless one is being written here.
    setSeen(held);
    if (note === seen) setNote(held);
  }
  const id = useId();
  return (
    <form
      className="note-form"
      onSubmit={(event) => {
        event.preventDefault();
        save(note);
      }}
    >
      <label htmlFor={id}>Note</label>
      <textarea id={id} rows={3} maxLength={charactersMax} value={note} onChange={(event) => setNote(event.target.value)} />
      <button type="submit" className="button" disabled={busy || note === held}>
        Save the note
      </button>
    </form>
  );
}
