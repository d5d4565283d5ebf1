import { lazy, Suspense } from "react";
import Overview from "#web/pages/overview/overview.tsx";
import { Link } from "#web/parts/link.tsx";
import { Notice } from "#web/parts/notice.tsx";
import { useRoute } from "#web/state/context.ts";
import { overviewRoute } from "./route.ts";

const Flows = lazy(() => import("#web/pages/flows/flows.tsx"));
const Detectors = lazy(() => import("#web/pages/detectors/detectors.tsx"));
const Events = lazy(() => import("#web/pages/events/events.tsx"));
const Findings = lazy(() => import("#web/pages/findings/findings.tsx"));
const Health = lazy(() => import("#web/pages/health/health.tsx"));
const Players = lazy(() => import("#web/pages/players/players.tsx"));
const Rules = lazy(() => import("#web/pages/rules/rules.tsx"));
const Suricata = lazy(() => import("#web/pages/suricata/suricata.tsx"));

/** The view of the present route. All but the overview are loaded when first asked for. */
export function PageView() {
  const route = useRoute();
  return <Suspense fallback={<Notice title="Loading …" />}>{viewOf(route)}</Suspense>;
}

function viewOf(route: ReturnType<typeof useRoute>) {
  switch (route.page) {
    case "overview":
      return <Overview />;
    case "flows":
      return <Flows route={route} />;
    case "events":
      return <Events route={route} />;
    case "players":
      return <Players route={route} />;
    case "findings":
      return <Findings route={route} />;
    case "health":
      return <Health />;
    case "rules":
      return <Rules />;
    case "detectors":
      return <Detectors find={route.find} />;
    case "suricata":
      return <Suricata />;
    default:
      return (
        <Notice title={`There is nothing at ${route.path}.`}>
          <Link to={overviewRoute}>Go to the overview</Link>
        </Notice>
      );
  }
}
