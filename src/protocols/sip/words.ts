import { bufferWord, pathsIn, type RuleWord } from "#schema/rule-word.ts";

const on = ["sip"];
const word = (name: string, side: RuleWord["side"], doc: string, path: string, more: Partial<RuleWord> = {}): RuleWord =>
  bufferWord(name, on, side, doc, { from: pathsIn("sip", path), ...more });
const several: Partial<RuleWord> = { several: true };

/** Either side may ask: requests are those of the server, too. */
export const sipWords: readonly RuleWord[] = [
  word("sip.method", "both", "Method of a request.", "method"),
  word("sip.uri", "both", "Whom a request is for.", "uri"),
  word("sip.request_line", "both", "First line of a request.", "request_line"),
  word("sip.protocol", "both", "`SIP/2.0`.", "version"),
  word("sip.stat_code", "both", "Status of a response.", "code"),
  word("sip.stat_msg", "both", "Status in words.", "reason"),
  word("sip.response_line", "both", "First line of a response.", "response_line"),
  word("sip.from", "both", "Who calls.", "from"),
  word("sip.to", "both", "Who is called.", "to"),
  word("sip.via", "both", "A hop of the request's path.", "via[]", several),
  word("sip.user_agent", "both", "Software of the client.", "user_agent"),
  word("sip.content_type", "both", "Type of the body.", "content_type"),
  word("sip.content_length", "both", "Length of the body as it is told.", "content_length"),
  word("sdp.session_name", "both", "Name of the session.", "sdp.session_name"),
  word("sdp.session_info", "both", "What the session is about.", "sdp.session_info"),
  word("sdp.origin", "both", "Who made the session description.", "sdp.origin"),
  word("sdp.uri", "both", "Where there is more of the session.", "sdp.uri"),
  word("sdp.email", "both", "Address of who is responsible.", "sdp.email"),
  word("sdp.phone_number", "both", "Number of who is responsible.", "sdp.phone_number"),
  word("sdp.connection_data", "both", "Where media go.", "sdp.connection_data"),
  word("sdp.bandwidth", "both", "A bandwidth.", "sdp.bandwidths[]", several),
  word("sdp.time", "both", "When the session begins and ends.", "sdp.time"),
  word("sdp.repeat_time", "both", "When it comes again.", "sdp.repeat_time"),
  word("sdp.timezone", "both", "Changes of the clock.", "sdp.timezone"),
  word("sdp.attribute", "both", "An attribute of the session.", "sdp.attributes[]", several),
  word("sdp.media.media", "both", "Kind, port, transport and payload types of a medium.", "sdp.media_descriptions[].media", several),
  word("sdp.media.media_info", "both", "Title of a medium.", "sdp.media_descriptions[].session_info", several),
  word("sdp.media.connection_data", "both", "Where a medium goes.", "sdp.media_descriptions[].connection_data", several),
];
