import { Icon, type IconName } from "#web/parts/icon.tsx";
import { Link } from "#web/parts/link.tsx";
import { useRoute } from "#web/state/context.ts";
import {
  eventsRoute,
  findingsRoute,
  flowsRoute,
  healthRoute,
  overviewRoute,
  type Page,
  playersRoute,
  type Route,
  rulesRoute,
  suricataRoute,
} from "./route.ts";

/** The views in order; the number of each is its key. */
export const views: readonly { readonly page: Page & IconName; readonly label: string; readonly to: Route }[] = [
  { page: "overview", label: "Overview", to: overviewRoute },
  { page: "flows", label: "Flows", to: flowsRoute() },
  { page: "events", label: "Events", to: eventsRoute() },
  { page: "players", label: "Players", to: playersRoute() },
  { page: "findings", label: "Findings", to: findingsRoute() },
  { page: "health", label: "Health", to: healthRoute },
  { page: "rules", label: "Rules", to: rulesRoute },
  { page: "suricata", label: "Suricata", to: suricataRoute },
];

/** The way between views: in the header, at the foot on a phone. */
export function Views() {
  const { page } = useRoute();
  // Detectors stand beside the rules: both judge.
  const shown = page === "detectors" ? "rules" : page;
  return (
    <nav className="views" aria-label="Views">
      {views.map((view, index) => (
        <Link key={view.page} to={view.to} aria-current={view.page === shown ? "page" : undefined} title={`${view.label} (${index + 1})`}>
          <Icon name={view.page} size={18} />
          {view.label}
        </Link>
      ))}
    </nav>
  );
}
