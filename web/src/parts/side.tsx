import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { Icon } from "./icon.tsx";
import "./side.css";

/** Where sheets are put: below the header, so that coverage stays in sight. */
export const SIDE_PLACE = "side-place";

interface Props {
  readonly title: ReactNode;
  readonly label: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/**
 * A sheet at the right side of the view; the whole view on a phone. The list beside it stays usable. Esc closes it and
 * gives the focus back.
 */
export function Side({ title, label, onClose, children }: Props) {
  const sheet = useRef<HTMLDialogElement>(null);
  const close = useRef(onClose);
  close.current = onClose;

  useEffect(() => {
    const before = document.activeElement;
    sheet.current?.focus();
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !event.defaultPrevented) close.current();
    };
    document.addEventListener("keydown", onKeyDown);
    return () => {
      document.removeEventListener("keydown", onKeyDown);
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true });
    };
  }, []);

  const place = document.getElementById(SIDE_PLACE);
  if (place === null) return undefined;
  return createPortal(
    <dialog ref={sheet} open className="side" aria-label={label} tabIndex={-1}>
      <div className="side-head">
        <div className="side-title">{title}</div>
        <button type="button" className="icon-button small" aria-label={`Close ${label}`} title="Close (Esc)" onClick={onClose}>
          <Icon name="close" />
        </button>
      </div>
      <div className="side-body">{children}</div>
    </dialog>,
    place,
  );
}
