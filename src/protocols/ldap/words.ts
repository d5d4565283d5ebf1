import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, integerWord, ownWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";
import { operationNumbers, resultNumbers } from "./message.ts";

const on = ["ldap"];
const asked = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ldap", paths, []) });
const answered = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ldap", [], paths) });
/** Answers by kind; each has its own object. */
const results = ["search_result_done", "bind_response", "modify_response", "add_response", "del_response", "mod_dn_response"]
  .concat("compare_response", "extended_response")
  .map((kind) => `responses[].${kind}`);

interface Response {
  readonly operation: string;
  readonly [operation: string]: unknown;
}
const resultOf = (response: Response): unknown =>
  (response[response.operation] as { readonly result_code?: unknown } | undefined)?.result_code;

/**
 * A name or a number, then which of the answers: a place (from 0, from the end when negative), `any` or `all`. `numberOf`
 * tells what of an answer is meant.
 */
function readOfResponses(
  argument: string,
  names: Readonly<Record<string, number>>,
  numberOf: (response: Response) => number | undefined,
): ((value: unknown) => boolean) | string {
  const [what = "", which = "any"] = argument.split(",").map((part) => part.trim());
  const test = readRuleNumber(what, names);
  if (test === undefined) return `${what} is no number and no known name`;
  const place = Number(which);
  if (which !== "any" && which !== "all" && !Number.isInteger(place)) return `${which} is neither a place nor any nor all`;
  const holds = (response: Response | undefined): boolean => {
    const number = response === undefined ? undefined : numberOf(response);
    return number !== undefined && test(number);
  };
  return (value) => {
    const responses = value as readonly Response[];
    if (which === "all") return responses.every(holds);
    return which === "any" ? responses.some(holds) : holds(responses.at(place));
  };
}

const operationOf = (response: Response): number | undefined => operationNumbers[response.operation];
const codeOf = (response: Response): number | undefined => {
  const code = resultOf(response);
  return resultNumbers[String(code)] ?? (typeof code === "string" && /^\d+$/.test(code) ? Number(code) : undefined);
};

export const ldapWords: readonly RuleWord[] = [
  integerWord("ldap.request.operation", on, "toServer", "What is asked.", { ...asked("request.operation"), numbers: operationNumbers }),
  ownWord(
    "ldap.responses.operation",
    on,
    "toClient",
    "Kind of an answer, then which of them: `search_result_done,-1`.",
    (argument) => readOfResponses(argument, operationNumbers, operationOf),
    answered("responses"),
  ),
  ownWord(
    "ldap.responses.result_code",
    on,
    "toClient",
    "Result of an answer, then which of them: `size_limit_exceeded,0`.",
    (argument) => readOfResponses(argument, resultNumbers, codeOf),
    answered("responses"),
  ),
  ownWord(
    "ldap.responses.count",
    on,
    "toClient",
    "How many answers there are.",
    (argument) => {
      const test = readRuleNumber(argument);
      return test === undefined ? `${argument} is no number` : (value) => test((value as readonly unknown[]).length);
    },
    answered("responses"),
  ),
  bufferWord(
    "ldap.request.dn",
    on,
    "toServer",
    "Entry that a request is about.",
    asked(
      "request.bind_request.name",
      "request.add_request.entry",
      "request.search_request.base_object",
      "request.modify_request.object",
      "request.del_request.dn",
      "request.mod_dn_request.entry",
      "request.compare_request.entry",
    ),
  ),
  bufferWord("ldap.responses.dn", on, "toClient", "Entry that an answer is about.", {
    several: true,
    ...answered("responses[].search_result_entry.base_object", ...results.map((path) => `${path}.matched_dn`)),
  }),
  bufferWord("ldap.responses.message", on, "toClient", "What the server says of a result.", {
    several: true,
    ...answered(...results.map((path) => `${path}.message`)),
  }),
  bufferWord("ldap.request.attribute_type", on, "toServer", "An attribute that a request is about.", {
    several: true,
    ...asked(
      "request.search_request.attributes[]",
      "request.modify_request.changes[].modification.attribute_type",
      "request.add_request.attributes[].name",
      "request.compare_request.attribute_value_assertion.description",
    ),
  }),
  bufferWord("ldap.responses.attribute_type", on, "toClient", "An attribute of an entry that was found.", {
    several: true,
    ...answered("responses[].search_result_entry.attributes[].type"),
  }),
];
