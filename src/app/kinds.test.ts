import { expect, test } from "vitest";
import { kindNamed, namedKinds } from "./kinds.ts";

test.each([
  ["the event_type", "flow", "flow"],
  ["the resource", "flows", "flow"],
  ["another plural", "anomalies", "anomaly"],
  ["capitals", "DNS", "dns"],
])("a kind is found by %s", (_case, name, kind) => expect(kindNamed(name).name).toBe(kind));

test.each([
  ["a letter too few", "flws", "no events are called flws; did you mean flows? `oddwire query --kinds` lists all"],
  ["two letters in each other's place", "htpt", "no events are called htpt; did you mean http? `oddwire query --kinds` lists all"],
  ["nothing that is near", "qqqq", "no events are called qqqq; `oddwire query --kinds` lists all"],
])("an unknown kind is answered in one short line: %s", (_case, name, text) => expect(() => kindNamed(name)).toThrow(text));

test("the list has each kind under a name that it is found by", () => {
  const names = namedKinds();
  expect(names.length).toBeGreaterThan(50);
  for (const { name, kind } of names) expect(kindNamed(name).name).toBe(kind);
});
