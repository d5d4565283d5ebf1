import { expect, test } from "vitest";
import { allKinds } from "./plugins.ts";

test("no two kinds of events have the same name: each is a table and a resource", () => {
  const names = allKinds.map((kind) => kind.name);
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
});
