/**
 * Every failure that a person can cause or meet: a code that never changes, a text that names the cause, and the mend.
 * Texts take their values in braces.
 */
export const errorCatalogue = {
  ODW_FILE_MISSING: ["cannot open {file}: {cause}", "check the path and the permissions"],
  ODW_FILE_NOT_CAPTURE: ["{file} is no capture file: {cause}", "give a pcap or pcapng file (gzip and zstd are read too)"],
  ODW_FILE_EMPTY: ["{file} is empty", "give a pcap or pcapng file"],
  ODW_OUT_UNWRITABLE: ["cannot write {path}: {cause}", "choose another directory with -o"],
  ODW_FILTER_BAD: ["bad filter {filter}: {cause}", "see pcap-filter(7) for the language"],
  ODW_LIBPCAP_MISSING: ["libpcap is not installed: {cause}", "sudo apt-get install libpcap0.8"],
  ODW_CAPTURE_RIGHTS: ["no right to capture on {interface}: {cause}", "run with sudo, or give CAP_NET_RAW; `oddwire demo` needs no rights"],
  ODW_RIGHTS_USER: ["cannot run as {user}: {cause}", "choose another user with engine.user"],
  ODW_RIGHTS_KEPT: ["rights could not be given up: {cause}", "start with `oddwire live`, not from a program that has rights of its own"],
  ODW_INTERFACE_MISSING: ["no interface {interface}", "one of: {choices}"],
  ODW_INTERFACE_LOST: ["interface {interface} went away: {cause}", "it is tried again every second"],
  ODW_STORE_UNREADABLE: ["cannot open the store {path}: {cause}", "check the path, or move the file away to start anew"],
  ODW_STORE_NEWER: ["the store {path} was written by a newer Oddwire (schema {found}, this one knows {known})", "update Oddwire"],
  ODW_QUERY_BAD: ["{cause} at column {column}", "see `oddwire query --help`"],
  ODW_QUERY_SLOW: ["the query took longer than {seconds} s", "narrow it by time, or compare a column that has an index"],
  ODW_CONFIG_BAD: ["{file}{where}: {cause}", "see `oddwire config schema`; the old configuration stays"],
  ODW_RELOAD_REFUSED: ["the new rules are not used: {cause}", "mend them and reload; the old rules stay"],
  ODW_REMOTE_REFUSED: ["{url}: {cause}", "{mend}"],
  ODW_MODEL_BAD: ["cannot use the model {file}: {cause}", "{mend}"],
  ODW_LIST_BAD: ["{where}: {cause}", "{mend}"],
  ODW_DETECTOR_UNKNOWN: ["there is no detector or setting {name}", "{choices}"],
  ODW_TRIAL_ABSENT: ["no packets are kept that could be tried on", "run with --record, or use `oddwire backtest CAPTURE --try`"],
  ODW_SETTING_BAD: ["{setting}: {cause}", "{mend}"],
  ODW_USAGE: ["{cause}", "see `oddwire --help`"],
  ODW_PARAMETER_BAD: ["{cause}", "see the parameters of {path} in /openapi.json"],
  ODW_REQUEST_BAD: ["{cause}", "see /openapi.json"],
  ODW_PATH_UNKNOWN: ["nothing is at {path}", "see /openapi.json for what is here"],
  ODW_FLOW_UNKNOWN: ["no flow {flow} is live or stored", "it may have been deleted by age; see store.retention-days"],
  ODW_PACKETS_ABSENT: ["no packets of the time of flow {flow} are kept", "run `oddwire live --record`, or drop the capture on the page"],
  ODW_FINDING_UNKNOWN: ["no finding {finding} is stored", "see /api/v1/findings/causes for those that are"],
  ODW_PLAYER_UNKNOWN: ["no player {player} is stored", "see /api/v1/players for those that are; ids are of one game: `lantern:42`"],
  ODW_STORE_ABSENT: ["no store is open here", "run without --no-store, or `oddwire serve` over an existing store"],
  ODW_ENGINE_ABSENT: ["no engine runs here, or it has not told anything yet", "run `oddwire live` or `oddwire demo`"],
  ODW_BUSY: ["{cause}", "try again in a second; {limit} is the limit"],
  ODW_HOST_REFUSED: ["this server is not called {host}", "use its address, or add the name to api.hosts"],
  ODW_ORIGIN_REFUSED: ["pages of {origin} may not read this server", "open the page of this server itself"],
  ODW_INTERNAL: ["a bug in Oddwire kept the answer back", "report it with what was asked"],
  ODW_SURICATA_MISSING: ["no Suricata was found: {cause}", "install it (sudo apt-get install suricata) or set suricata.binary"],
  ODW_SURICATA_CONFIG: ["Suricata refuses its configuration: {cause}", "{mend}"],
  ODW_SURICATA_FAILED: ["{cause}", "see `oddwire suricata status`"],
  ODW_FEED_UNREADABLE: ["cannot read events from {path}: {cause}", "check the path and its permissions for the user that Oddwire runs as"],
  ODW_RULES_BAD: ["{source}: {cause}", "the rules that are there stay as they are"],
  ODW_PLUGIN_BAD: ["the plugin {file} is not used: {cause}", "`oddwire plugin check FILE` tells more; the guide is docs/PLUGINS.md"],
  ODW_PLUGIN_UNKNOWN: ["no plugin is called {name}", "by game, name or file; there are: {choices}"],
  ODW_GAMES_ABSENT: ["no games are read here", "put a plugin into plugins.folder and start `oddwire live`; see docs/PLUGINS.md"],
  ODW_CATALOG_ABSENT: ["there is no catalog in {folder}", "put C headers into it, or name another with catalog.folder or --folder"],
  ODW_CATALOG_STRUCT: ["the catalog has no struct {name}", "perhaps: {choices}"],
  ODW_DELIVER_BAD: ["{where}: {cause}", "see docs/how-to/send-findings.md"],
  ODW_CAPTURE_UNKNOWN: ["no capture {id} is here", "see /api/v1/captures for those that are; the oldest go when there are too many"],
  ODW_CAPTURE_REFUSED: ["the capture is not taken: {cause}", "{mend}"],
  ODW_PORT_TAKEN: ["cannot listen on {address}: {cause}", "choose another with --listen"],
} as const;

export type ErrorCode = keyof typeof errorCatalogue;

/** A failed operation, for people: `message` is one line with cause and mend. */
export class OddwireError extends Error {
  override readonly name = "OddwireError";
  readonly code: ErrorCode;
  /** What to do about it. */
  readonly mend: string;
  /** What stands in the text's braces: with the code it makes the same error again, on the other side of a thread. */
  readonly values: { readonly [name: string]: string | number | undefined };

  constructor(code: ErrorCode, values: { readonly [name: string]: string | number | undefined } = {}, options?: ErrorOptions) {
    const [text, mend] = errorCatalogue[code].map((template) =>
      template.replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? "")),
    ) as [string, string];
    super(`${text} (${mend})`, options);
    this.code = code;
    this.mend = mend;
    this.values = values;
  }
}
