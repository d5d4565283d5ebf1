import { readRuleNumber } from "#schema/rule-number.ts";
import { bufferWord, integerWord, ownWord, pathsBySide, type RuleWord } from "#schema/rule-word.ts";

const on = ["http2"];
const several: Partial<RuleWord> = { several: true };

/** Types of frames (RFC 9113 §6), with and without underscores. */
const frames: Readonly<Record<string, number>> = {
  DATA: 0,
  HEADERS: 1,
  PRIORITY: 2,
  RSTSTREAM: 3,
  RST_STREAM: 3,
  SETTINGS: 4,
  PUSHPROMISE: 5,
  PUSH_PROMISE: 5,
  PING: 6,
  GOAWAY: 7,
  WINDOWUPDATE: 8,
  WINDOW_UPDATE: 8,
  CONTINUATION: 9,
};

/** RFC 9113 §7. */
const errors: Readonly<Record<string, number>> = {
  NO_ERROR: 0,
  PROTOCOL_ERROR: 1,
  INTERNAL_ERROR: 2,
  FLOW_CONTROL_ERROR: 3,
  SETTINGS_TIMEOUT: 4,
  STREAM_CLOSED: 5,
  FRAME_SIZE_ERROR: 6,
  REFUSED_STREAM: 7,
  CANCEL: 8,
  COMPRESSION_ERROR: 9,
  CONNECT_ERROR: 10,
  ENHANCE_YOUR_CALM: 11,
  INADEQUATE_SECURITY: 12,
  HTTP_1_1_REQUIRED: 13,
};

/** `SETTINGS_ENABLE_PUSH`, `SETTINGS_INITIAL_WINDOW_SIZE >100`. */
function readSetting(argument: string): ((value: unknown) => boolean) | string {
  const [, name = "", number = ""] = /^\s*"?\s*(\w+)\s*(.*?)\s*"?\s*$/.exec(argument) ?? [];
  const test = number === "" ? () => true : readRuleNumber(number);
  if (!/^SETTINGS_\w+$/i.test(name) || test === undefined) return "it takes the name of a setting, and what is asked of its value";
  const plain = name.replaceAll("_", "").toUpperCase();
  return (value) => {
    const setting = value as { readonly settings_id: string; readonly settings_value: number };
    return setting.settings_id === plain && test(setting.settings_value);
  };
}

const settings = pathsBySide("http", ["http2.request.settings[]"], ["http2.response.settings[]"]);

/** Frames of HTTP/2. What its streams say as HTTP is asked with the words of `http`. */
export const http2Words: readonly RuleWord[] = [
  integerWord("http2.frametype", on, "both", "Type of a frame.", { ...several, numbers: frames }),
  integerWord("http2.errorcode", on, "both", "Why a stream or the connection is ended.", { numbers: errors }),
  integerWord("http2.priority", on, "both", "Weight of the stream in a PRIORITY frame, or in HEADERS."),
  integerWord("http2.window", on, "both", "By how much the window of flow control grows, bytes.", several),
  integerWord("http2.size_update", on, "both", "New size of the table of headers, bytes.", {
    ...several,
    from: pathsBySide("http", ["request_headers[].table_size_update"], ["response_headers[].table_size_update"]),
  }),
  ownWord("http2.settings", on, "both", "A setting: its name, and its value (`SETTINGS_INITIAL_WINDOW_SIZE >100`).", readSetting, {
    ...several,
    from: settings,
  }),
  bufferWord("http2.header_name", on, "both", "Name of a header, with its colon for those of HTTP/2 itself.", {
    ...several,
    aliases: ["http2_header_name"],
    from: pathsBySide("http", ["request_headers[].name"], ["response_headers[].name"]),
  }),
];
