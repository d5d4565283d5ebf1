import { Facts } from "#web/parts/facts.tsx";
import { Side } from "#web/parts/side.tsx";

const keys = [
  ["/", "search"],
  ["1 2 3 …", "the views, as they stand"],
  ["s c f b", "a finding is seen, closed, false, benign"],
  ["↓ ↑ or j k", "move in a table"],
  ["Enter", "open the row"],
  ["Esc", "close, or empty the search"],
  ["p", "hold the view, go on"],
  ["t", "light or dark"],
  ["?", "this list"],
] as const;

/** The keys of the page. */
export default function KeysHelp({ onClose }: { readonly onClose: () => void }) {
  return (
    <Side label="keys" title={<strong>Keys</strong>} onClose={onClose}>
      <Facts rows={keys.map(([key, does]) => [key, does])} />
    </Side>
  );
}
