/**
 * Where keywords are looked for. A context is a set of places; each is a buffer of the rule language, of messages of
 * some protocols, in one direction. Places whose buffer no plugin answers are left out.
 */
export interface ContextPlace {
  /** `payload` for bytes of packets and streams as they are. */
  readonly buffer: string;
  /** Application protocols; empty for all. */
  readonly applications: readonly string[];
  readonly side: "to_server" | "to_client" | "both";
  /** Application protocols whose payload is left out. */
  readonly without?: readonly string[];
  /** Only with `payload`: which transport. */
  readonly layer?: "tcp" | "udp";
}

const at = (
  buffer: string,
  applications: string,
  side: ContextPlace["side"] = "to_server",
  more: Omit<ContextPlace, "buffer" | "applications" | "side"> = {},
): ContextPlace => ({
  buffer,
  applications: applications === "" ? [] : applications.split(" "),
  side,
  ...more,
});

/** Protocols whose payload is looked into decoded, and where raw bytes are documents, not commands. */
const decoded = ["http", "http2", "tls", "quic", "ssh", "smtp", "imap", "pop3", "dns", "smb", "nntp"];
/** What no shell speaks: text that people wrote, or that machines compress and encrypt. */
const notShell = [
  ...decoded,
  "ftp",
  "ftp-data",
  "irc",
  "sip",
  "rtsp",
  "xmpp",
  "mysql",
  "pgsql",
  "tds",
  "nfs",
  "bittorrent",
  "openvpn",
  "rdp",
  "mqtt",
];

const web = "http";
export const contexts: Readonly<Record<string, { readonly doc: string; readonly places: readonly ContextPlace[] }>> = {
  "http-uri": {
    doc: "Target of a request: percent signs decoded, and as it was sent.",
    places: [at("http.uri", web), at("http.uri.raw", web)],
  },
  "http-body": { doc: "Body of a request: forms, uploads.", places: [at("http.request_body", web)] },
  "http-header": {
    doc: "Headers of requests but User-Agent.",
    places: [at("http.cookie", web), at("http.referer", web), at("http.content_type", web), at("http.host", web)],
  },
  "http-agent": { doc: "User-Agent.", places: [at("http.user_agent", web)] },
  "http-response": { doc: "Body of a response, decompressed.", places: [at("http.response_body", web, "to_client")] },
  mail: {
    doc: "Bodies and attachments of mail, decoded.",
    places: [at("file.data", "smtp imap pop3", "both"), at("email.subject", "smtp", "to_server")],
  },
  ftp: { doc: "Commands of FTP.", places: [at("payload", "ftp", "both", { layer: "tcp" })] },
  file: { doc: "Files that any protocol carries, and their names.", places: [at("file.data", "", "both"), at("file.name", "", "both")] },
  dns: { doc: "Names asked for.", places: [at("dns.query", "dns")] },
  tls: { doc: "Names in the hello and the certificate.", places: [at("tls.sni", "tls"), at("tls.cert_subject", "tls", "to_client")] },
  ssh: { doc: "Greetings of SSH.", places: [at("ssh.software", "ssh", "both")] },
  sql: {
    doc: "Questions to a database.",
    places: [
      at("payload", "mysql", "to_server", { layer: "tcp" }),
      at("payload", "pgsql", "to_server", { layer: "tcp" }),
      at("payload", "tds", "to_server", { layer: "tcp" }),
    ],
  },
  smb: {
    doc: "Names of shares, pipes and files of SMB.",
    places: [at("smb.share", "smb"), at("smb.named_pipe", "smb"), at("file.name", "smb", "both")],
  },
  telnet: { doc: "Sessions of Telnet.", places: [at("payload", "telnet", "both", { layer: "tcp" })] },
  shell: {
    doc: "TCP of protocols that are not known, and Telnet: where reverse shells are.",
    places: [at("payload", "", "both", { layer: "tcp", without: notShell })],
  },
  tcp: { doc: "All bytes of TCP as they are.", places: [at("payload", "", "both", { layer: "tcp" })] },
  udp: { doc: "All bytes of UDP as they are.", places: [at("payload", "", "both", { layer: "udp" })] },
};

/** Names that stand for several. */
export const contextGroups: Readonly<Record<string, readonly string[]>> = {
  http: ["http-uri", "http-body", "http-header", "http-response"],
  "http-request": ["http-uri", "http-body", "http-header"],
};

/** A keyword without a context: payload where nothing decodes it, and everything that is decoded. */
const everywhere: readonly ContextPlace[] = [
  at("payload", "", "both", { layer: "tcp", without: decoded }),
  at("payload", "", "both", { layer: "udp", without: decoded }),
  ...["http-uri", "http-body", "http-header", "http-agent", "http-response", "mail", "dns", "tls", "ssh", "smb"].flatMap(
    (name) => contexts[name]?.places ?? [],
  ),
];

export const isContext = (name: string): boolean => Object.hasOwn(contexts, name) || Object.hasOwn(contextGroups, name);
export const contextNames: readonly string[] = [...Object.keys(contexts), ...Object.keys(contextGroups)];

/** Places of all contexts named, each once; everywhere when none is. */
export function placesOf(names: readonly string[]): readonly ContextPlace[] {
  if (names.length === 0) return everywhere;
  const all = names.flatMap((name) => contextGroups[name] ?? [name]);
  return [...new Set(all)].flatMap((name) => contexts[name]?.places ?? []);
}
