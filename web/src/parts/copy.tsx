import { useState } from "react";
import { Icon } from "./icon.tsx";

/** Copies `text`; shows a tick for a moment. `label` says what is copied. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [done, setDone] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setDone(true);
    setTimeout(() => setDone(false), 1200);
  };
  // Browsers give the clipboard to secure pages only: over plain HTTP from another machine there is none.
  if (!window.isSecureContext) return undefined;
  return (
    <button
      type="button"
      className="icon-button small"
      aria-label={done ? `${label} copied` : `Copy ${label}`}
      title={`Copy ${label}`}
      onClick={() => void copy()}
    >
      <Icon name={done ? "check" : "copy"} size={13} />
    </button>
  );
}
