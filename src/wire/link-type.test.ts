import { expect, test } from "vitest";
import { LinkType, linkTypeName } from "./link-type.ts";

test("every link type that is decoded has a name", () => {
  for (const linkType of Object.values(LinkType)) expect(linkTypeName(linkType)).not.toMatch(/^LINKTYPE/);
});

test("an unregistered one is told by its number", () => expect(linkTypeName(12_345)).toBe("LINKTYPE 12345"));
