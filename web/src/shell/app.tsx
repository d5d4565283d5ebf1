import { lazy, Suspense, useCallback, useEffect, useState } from "react";
import { SIDE_PLACE } from "#web/parts/side.tsx";
import { useRoute } from "#web/state/context.ts";
import { ErrorBoundary } from "./error-boundary.tsx";
import { Header } from "./header.tsx";
import { PageView } from "./page-view.tsx";
import { hrefOf, titleOf } from "./route.ts";
import { useShortcuts } from "./use-shortcuts.ts";

const KeysHelp = lazy(() => import("./keys-help.tsx"));

/** Header and the present view. */
export function App() {
  const route = useRoute();
  const [help, setHelp] = useState(false);
  useEffect(() => {
    document.title = titleOf(route);
  }, [route]);
  useShortcuts(useCallback(() => setHelp(true), []));
  return (
    <div className="shell">
      <Header />
      <main className="view">
        <ErrorBoundary trial={hrefOf(route)}>
          <PageView />
        </ErrorBoundary>
      </main>
      <div id={SIDE_PLACE} className="side-place" />
      {help && (
        <Suspense>
          <KeysHelp onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </div>
  );
}
