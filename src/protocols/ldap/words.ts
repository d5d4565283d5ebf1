import { bufferWord, integerWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";
import { operationNumbers, resultNumbers } from "./message.ts";

const on = ["ldap"];
const asked = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ldap", paths, []) });
const answered = (...paths: readonly string[]): Partial<RuleWord> => ({ from: pathsBySide("ldap", [], paths) });
/** Answers by kind; each has its own object. */
const results = ["search_result_done", "bind_response", "modify_response", "add_response", "del_response", "mod_dn_response"]
  .concat("compare_response", "extended_response")
  .map((kind) => `responses[].${kind}`);

export const ldapWords: readonly RuleWord[] = [
  integerWord("ldap.request.operation", on, "toServer", "What is asked.", { ...asked("request.operation"), numbers: operationNumbers }),
  integerWord("ldap.responses.operation", on, "toClient", "Kind of an answer.", {
    several: true,
    ...answered("responses[].operation"),
    numbers: operationNumbers,
  }),
  integerWord("ldap.responses.result_code", on, "toClient", "Result of an answer.", {
    several: true,
    ...answered(...results.map((path) => `${path}.result_code`)),
    numbers: resultNumbers,
  }),
  integerWord("ldap.responses.count", on, "toClient", "How many answers there are."),
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
