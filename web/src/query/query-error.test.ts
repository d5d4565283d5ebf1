import { expect, test } from "vitest";
import { queryErrorOf } from "./query-error.ts";

const failure = (code: string, message: string) => Object.assign(new Error(message), { code });

test.each([
  [
    "a bad expression has its column",
    failure("ODW_QUERY_BAD", "unknown column foo at column 12"),
    { message: "unknown column foo at column 12", column: 12 },
  ],
  ["a bad expression without a place", failure("ODW_QUERY_BAD", "too long"), { message: "too long", column: undefined }],
  ["another failure is none", failure("ODW_BUSY", "too many questions at column 3"), undefined],
  ["no failure", undefined, undefined],
  ["an error without code", new Error("fetch failed"), undefined],
])("%s", (_case, error, expected) => expect(queryErrorOf(error)).toEqual(expected));
