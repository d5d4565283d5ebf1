import { basePath } from "./base-path.ts";

/** Where the page is. The address bar is the only memory of it, so every view can be shared as a link. */
export type Route =
  | { readonly page: "overview" }
  | { readonly page: "flows"; readonly view: "live" | "history"; readonly find: string; readonly flow: number | undefined }
  | { readonly page: "events"; readonly kind: string | undefined; readonly find: string }
  | { readonly page: "players"; readonly find: string; readonly marked: Marked; readonly player: string | undefined }
  | {
      readonly page: "findings";
      readonly find: string;
      readonly state: StateFilter;
      readonly order: FindingsOrder;
      readonly finding: string | undefined;
    }
  | { readonly page: "health" }
  | { readonly page: "suricata" }
  | { readonly page: "rules" }
  | { readonly page: "detectors"; readonly find: string }
  | { readonly page: "unknown"; readonly path: string };

export type Page = Route["page"];
/** Which players are listed: all, or those that people marked so. */
export type Marked = "" | "watched" | "whitelisted" | "noted";
const isMarked = (text: string): text is Marked => ["", "watched", "whitelisted", "noted"].includes(text);

/** Which findings are listed: all, those that still want somebody to look, or those in one state. */
export type StateFilter = "" | "open" | "closed" | "false" | "benign";
const isState = (text: string): text is StateFilter => ["", "open", "closed", "false", "benign"].includes(text);

/** What findings are sorted by, `-` in front for descending; empty for what suits the state. */
export type FindingsOrder = "" | `${"" | "-"}${(typeof findingsOrders)[number]}`;
const findingsOrders = ["severity", "category", "time"] as const;
const isFindingsOrder = (text: string): text is FindingsOrder =>
  text === "" || findingsOrders.some((key) => text === key || text === `-${key}`);

/** Reads a path with its search part: `/flows/17?view=history&find=tls`. */
export function parseRoute(path: string, search: string): Route {
  const [page = "", rest, ...more] = path.split("/").filter((part) => part !== "");
  const query = new URLSearchParams(search);
  const find = query.get("find") ?? "";
  const view = query.get("view") === "history" ? "history" : "live";
  if (more.length > 0) return { page: "unknown", path };
  if (page === "" || page === "index.html") return { page: "overview" };
  if (page === "flows") {
    if (rest === undefined) return { page: "flows", view, find, flow: undefined };
    return /^\d{1,16}$/.test(rest) ? { page: "flows", view, find, flow: Number(rest) } : { page: "unknown", path };
  }
  if (page === "events") return { page: "events", kind: rest === undefined ? undefined : decoded(rest), find };
  if (page === "players") {
    const marked = query.get("marked") ?? "";
    return { page: "players", find, marked: isMarked(marked) ? marked : "", player: rest === undefined ? undefined : decoded(rest) };
  }
  if (page === "findings") {
    const state = query.get("state") ?? "open";
    const order = query.get("order") ?? "";
    return {
      page: "findings",
      find,
      state: isState(state) ? state : "",
      order: isFindingsOrder(order) ? order : "",
      finding: rest === undefined ? undefined : decoded(rest),
    };
  }
  if (page === "health" && rest === undefined) return { page: "health" };
  if (page === "suricata" && rest === undefined) return { page: "suricata" };
  if (page === "rules" && rest === undefined) return { page: "rules" };
  if (page === "detectors" && rest === undefined) return { page: "detectors", find };
  return { page: "unknown", path };
}

/** The address of a route on this page, be it of what runs here or of one capture. */
export const hrefOf = (route: Route): string => basePath + pathOf(route);

/** The address below the page's own path; the inverse of `parseRoute`. */
function pathOf(route: Route): string {
  switch (route.page) {
    case "overview":
      return "/";
    case "flows": {
      const path = route.flow === undefined ? "/flows" : `/flows/${route.flow}`;
      return path + searchOf({ view: route.view === "history" ? "history" : "", find: route.find });
    }
    case "events":
      return (route.kind === undefined ? "/events" : `/events/${encodeURIComponent(route.kind)}`) + searchOf({ find: route.find });
    case "players":
      return (
        (route.player === undefined ? "/players" : `/players/${encodeURIComponent(route.player)}`) +
        searchOf({ marked: route.marked, find: route.find })
      );
    case "findings":
      return (
        (route.finding === undefined ? "/findings" : `/findings/${encodeURIComponent(route.finding)}`) +
        searchOf({ state: route.state === "open" ? "" : route.state || "all", order: route.order, find: route.find })
      );
    case "health":
      return "/health";
    case "suricata":
      return "/suricata";
    case "rules":
      return "/rules";
    case "detectors":
      return `/detectors${searchOf({ find: route.find })}`;
    default:
      return route.path;
  }
}

/** What the tab and the bookmark are called. */
export function titleOf(route: Route): string {
  if (route.page === "flows") return route.flow === undefined ? "Flows · Oddwire" : `Flow ${route.flow} · Oddwire`;
  if (route.page === "events") return `${route.kind ?? "Events"} · Oddwire`;
  if (route.page === "players") return `${route.player ?? "Players"} · Oddwire`;
  if (route.page === "findings") return route.finding === undefined ? "Findings · Oddwire" : `Finding ${route.finding} · Oddwire`;
  if (route.page === "rules") return "Rules · Oddwire";
  if (route.page === "detectors") return "Detectors · Oddwire";
  if (route.page === "suricata") return "Suricata · Oddwire";
  return route.page === "health" ? "Health · Oddwire" : "Oddwire";
}

export const overviewRoute: Route = { page: "overview" };
export const suricataRoute: Route = { page: "suricata" };
export const rulesRoute: Route = { page: "rules" };
export const detectorsRoute = (find = ""): Route => ({ page: "detectors", find });
export const healthRoute: Route = { page: "health" };
export const flowsRoute = (find = "", view: "live" | "history" = "live"): Route => ({ page: "flows", view, find, flow: undefined });
export const flowRoute = (flow: number): Route => ({ page: "flows", view: "live", find: "", flow });
export const playersRoute = (find = "", marked: Marked = ""): Route => ({ page: "players", find, marked, player: undefined });
export const playerRoute = (player: string): Route => ({ page: "players", find: "", marked: "", player });
export const findingsRoute = (find = "", state: StateFilter = "open", order: FindingsOrder = ""): Route => ({
  page: "findings",
  find,
  state,
  order,
  finding: undefined,
});
export const findingRoute = (finding: string): Route => ({ page: "findings", find: "", state: "open", order: "", finding });
export const eventsRoute = (kind?: string, find = ""): Route => ({ page: "events", kind, find });

function searchOf(values: { readonly [name: string]: string }): string {
  const query = new URLSearchParams(Object.entries(values).filter(([, value]) => value !== ""));
  return query.size === 0 ? "" : `?${query}`;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
