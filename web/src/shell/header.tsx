import { Icon } from "#web/parts/icon.tsx";
import { Brand } from "./brand.tsx";
import { ConnectionState } from "./connection-state.tsx";
import { CoverageStrip } from "./coverage-strip.tsx";
import { PauseButton } from "./pause-button.tsx";
import { SourceState } from "./source-state.tsx";
import { ThemeSwitch } from "./theme-switch.tsx";
import { Trouble } from "./trouble.tsx";
import { Views } from "./views.tsx";

/** On every view: where the packets come from, how fresh the page is, and what could not be seen. */
export function Header({ onCaptures }: { readonly onCaptures: () => void }) {
  return (
    <header className="top">
      <div className="top-row">
        <Brand />
        <Views />
        <div className="top-end">
          <SourceState />
          <ConnectionState />
          <div className="top-buttons">
            <button
              type="button"
              className="icon-button"
              aria-label="Captures: give one to be read"
              title="Captures: give one to be read"
              onClick={onCaptures}
            >
              <Icon name="upload" />
            </button>
            <PauseButton />
            <ThemeSwitch />
          </div>
        </div>
      </div>
      <CoverageStrip />
      <Trouble />
    </header>
  );
}
