const words: { readonly [verdict: string]: string } = { human: "person", undecided: "undecided", bot: "program" };

/** Who seems to play, and how sure that is. */
export function Verdict({ verdict, score }: { readonly verdict: string | undefined; readonly score: number | undefined }) {
  if (verdict === undefined) return <span className="dim">not judged</span>;
  return (
    <span
      className="player-verdict"
      data-verdict={verdict}
      title={score === undefined ? undefined : `score ${score}: 0 people, 1 a program`}
    >
      {words[verdict] ?? verdict}
      {score !== undefined && <span className="num"> {score.toFixed(2)}</span>}
    </span>
  );
}

interface MarksProps {
  readonly watched: boolean;
  readonly whitelisted: boolean;
  readonly note: string;
}

/** What people say of a player, in words as short as a table needs. */
export function Marks({ watched, whitelisted, note }: MarksProps) {
  return (
    <>
      {watched && (
        <span className="player-mark" data-mark="watched">
          watched
        </span>
      )}
      {whitelisted && (
        <span className="player-mark" data-mark="whitelisted">
          whitelisted
        </span>
      )}
      {note !== "" && <span title={note}>{note}</span>}
    </>
  );
}
