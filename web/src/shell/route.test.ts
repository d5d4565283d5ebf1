import { expect, test } from "vitest";
import {
  detectorsRoute,
  eventsRoute,
  findingRoute,
  findingsRoute,
  flowRoute,
  flowsRoute,
  healthRoute,
  hrefOf,
  overviewRoute,
  parseRoute,
  playerRoute,
  playersRoute,
  type Route,
} from "./route.ts";

test.each<[string, Route, string]>([
  ["the overview is the root", overviewRoute, "/"],
  ["live flows", flowsRoute(), "/flows"],
  [
    "a search travels in the address",
    flowsRoute("src_ip = 10.0.0.1 and dest_port < 1024"),
    "/flows?find=src_ip+%3D+10.0.0.1+and+dest_port+%3C+1024",
  ],
  ["history", flowsRoute("", "history"), "/flows?view=history"],
  ["one flow", flowRoute(4503599627370497), "/flows/4503599627370497"],
  ["events without a kind", eventsRoute(), "/events"],
  ["events of a kind", eventsRoute("dns", "rrname ~ a&b"), "/events/dns?find=rrname+%7E+a%26b"],
  ["players that match and are watched", playersRoute("Kes", "watched"), "/players?marked=watched&find=Kes"],
  ["a player whose id has slashes", playerRoute("lantern:a/b#c"), "/players/lantern%3Aa%2Fb%23c"],
  ["findings that want somebody to look", findingsRoute(), "/findings"],
  ["all findings that match", findingsRoute("scan", ""), "/findings?state=all&find=scan"],
  ["findings in one state", findingsRoute("", "benign"), "/findings?state=benign"],
  ["findings, the newest first", findingsRoute("", "open", "-time"), "/findings?order=-time"],
  ["all findings by category", findingsRoute("scan", "", "category"), "/findings?state=all&order=category&find=scan"],
  ["a finding", findingRoute("0a1b"), "/findings/0a1b"],
  ["health", healthRoute, "/health"],
  ["detectors", detectorsRoute(), "/detectors"],
  ["a detector", detectorsRoute("dns-tunnel"), "/detectors?find=dns-tunnel"],
])("%s", (_case, route, href) => {
  expect(hrefOf(route)).toBe(href);
  const [path, search = ""] = href.split("?");
  expect(parseRoute(path as string, search)).toEqual(route);
});

test.each([
  ["a word is no flow", "/flows/abc"],
  ["a number too long is no flow", "/flows/99999999999999999999"],
  ["deeper than any view", "/events/dns/1"],
  ["nothing of ours", "/nowhere"],
])("unknown: %s", (_case, path) => expect(parseRoute(path, "")).toEqual({ page: "unknown", path }));

test("broken escapes do not throw", () => expect(parseRoute("/events/%E0%A4%A", "")).toEqual(eventsRoute("%E0%A4%A")));
