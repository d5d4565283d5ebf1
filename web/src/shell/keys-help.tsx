import { Facts } from "#web/parts/facts.tsx";
import { Side } from "#web/parts/side.tsx";

const keys = [
  ["/", "search"],
  ["1 2 3 4", "overview, flows, events, health"],
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
