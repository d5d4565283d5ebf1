import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { FileDrop } from "#web/captures/file-drop.tsx";
import { SIDE_PLACE } from "#web/parts/side.tsx";
import { useRoute, useServices } from "#web/state/context.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Header } from "./header.tsx";
import { PageView } from "./page-view.tsx";
import { hrefOf, titleOf } from "./route.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const CapturesSide = lazy(() => import("#web/captures/captures-side.tsx"));
const KeysHelp = lazy(() => import("./keys-help.tsx"));

/** Header and the present view. */
export function App() {
  const route = useRoute();
  const { giver } = useServices();
  const [help, setHelp] = useState(false);
  const [captures, setCaptures] = useState(false);
  const onFiles = useCallback(
    (files: readonly File[]) => {
      giver.give(files);
      setCaptures(true);
    },
    [giver],
  );
  useEffect(() => {
    document.title = titleOf(route);
  }, [route]);
  useShortcuts(useCallback(() => setHelp(true), []));
  return (
    <div className="shell">
      <a href="#content" className="skip">
        Skip to the content
      </a>
      <Header onCaptures={() => setCaptures(true)} />
      <main className="view" id="content" tabIndex={-1}>
        <ErrorBoundary trial={hrefOf(route)}>
          <PageView />
        </ErrorBoundary>
      </main>
      <div id={SIDE_PLACE} className="side-place" />
      <FileDrop onFiles={onFiles} />
      {captures && (
        <Suspense>
          <CapturesSide onClose={() => setCaptures(false)} />
        </Suspense>
      )}
      {help && (
        <Suspense>
          <KeysHelp onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}
