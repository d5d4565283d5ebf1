import { type ConfigKey, flag, integer, type Key, list, text, type ValueOf } from "./config-key.ts";
import { overlapPolicies } from "./overlap-policy.ts";
import { shelfPlugins } from "./shelves.generated.ts";

export type { ConfigKey } from "./config-key.ts";

/** The configuration as data: one row a key. The YAML loader, `ODDWIRE_*` variables, flags, schema and docs derive from it. */
const ownKeys = {
  "engine.seed": integer(
    0,
    "",
    "Seed of everything random and of the flow table's hash; results do not depend on it. 0: live capture draws one, so that nobody can aim at the table.",
  ),
  "engine.workers": integer(0, "threads", "Worker threads; 0 means one for each core but one, at most 4.", { max: 16 }),
  "engine.user": text("", "User that live capture runs as once it is open; empty for the one who called sudo, else nobody."),
  "capture.ring-bytes": integer(67_108_864, "bytes", "Size of the kernel's ring for each worker.", { min: 1_048_576 }),
  "capture.block-retire-ms": integer(8, "ms", "Longest time that the kernel holds a block that is not full.", { min: 1, max: 1000 }),
  "capture.snap-bytes": integer(262_144, "bytes", "Bytes of each frame that are captured.", { min: 64, max: 262_144 }),
  "record.directory": text("", "Folder that live capture keeps its packets in, as pcap files; empty for none."),
  "record.file-bytes": integer(134_217_728, "bytes", "Size at which the next file of the recording begins.", { min: 65_536 }),
  "record.file-s": integer(3600, "s", "Packet time after which it begins at the latest.", { min: 1 }),
  "record.bytes-max": integer(10_737_418_240, "bytes", "Size of the whole recording; the oldest file goes first.", { min: 1_048_576 }),
  "record.retention-hours": integer(168, "h", "Age at which a file of it is deleted; 0 for never."),
  "record.snap-bytes": integer(262_144, "bytes", "Bytes of each packet that are kept.", { min: 64, max: 262_144 }),
  "record.buffer-bytes": integer(
    33_554_432,
    "bytes",
    "Memory for what waits for the disk, of each capturing thread; packets beyond it are counted and not kept.",
    { min: 1_048_576, max: 1_073_741_824 },
  ),
  "capture.promiscuous": flag(true, "Also capture frames that are for other machines."),
  "capture.checksum-validation": text("auto", "auto: verify, but not what an offload leaves unfinished; yes: always; no: ignore.", {
    choices: ["auto", "yes", "no"],
    suricata: ["stream.checksum-validation", "capture.checksum-validation", "pcap-file.checksum-checks"],
  }),
  "flow.flows-max": integer(1_000_000, "flows", "Flows alive at once; the least active is evicted beyond it.", {
    min: 1024,
    max: 16_000_000,
    suricata: ["flow.memcap"],
  }),
  "flow.timeout-tcp-new-s": integer(60, "s", "TCP before the handshake is complete.", { suricata: ["flow-timeouts.tcp.new"] }),
  "flow.timeout-tcp-established-s": integer(600, "s", "Idle TCP connection.", { suricata: ["flow-timeouts.tcp.established"] }),
  "flow.timeout-tcp-closed-s": integer(60, "s", "TCP after RST or both FINs.", { suricata: ["flow-timeouts.tcp.closed"] }),
  "flow.timeout-udp-new-s": integer(30, "s", "UDP with packets of one side only.", { suricata: ["flow-timeouts.udp.new"] }),
  "flow.timeout-udp-established-s": integer(300, "s", "UDP with packets of both sides.", { suricata: ["flow-timeouts.udp.established"] }),
  "flow.timeout-icmp-s": integer(30, "s", "ICMP.", { suricata: ["flow-timeouts.icmp.new"] }),
  "flow.timeout-other-s": integer(30, "s", "Any other protocol.", { suricata: ["flow-timeouts.default.new"] }),
  "defrag.policy": text("windows", "Whose bytes count where IP fragments overlap: those of this system.", { choices: overlapPolicies }),
  "defrag.datagrams-max": integer(65_536, "packets", "Fragmented packets waited for at once; the oldest is given up beyond it.", {
    min: 16,
    suricata: ["defrag.trackers"],
  }),
  "defrag.bytes-max": integer(33_554_432, "bytes", "Fragments held, by each worker.", { min: 65_536, suricata: ["defrag.memcap"] }),
  "defrag.fragments-max": integer(8192, "fragments", "Fragments that one packet may have.", { min: 2 }),
  "defrag.timeout-s": integer(60, "s", "How long the fragments of a packet are waited for.", { suricata: ["defrag.timeout"] }),
  "stream.policy": text("windows", "Whose bytes count where TCP segments beyond a hole overlap: those of this system.", {
    choices: overlapPolicies,
  }),
  "stream.bypass": flag(false, "Flows whose rest is encrypted are told as bypassed.", { suricata: ["stream.bypass"] }),
  "stream.urgent": text("oob", "The byte that a segment calls urgent is left out of the stream (oob) or is part of it (inline).", {
    choices: ["oob", "inline"],
    suricata: ["stream.reassembly.urgent.policy"],
  }),
  "stream.reassembly-bytes-max": integer(67_108_864, "bytes", "Out-of-order and unconsumed TCP bytes held, of all flows.", {
    suricata: ["stream.reassembly.memcap"],
  }),
  "tls.key-log": text("", "File with secrets of TLS and QUIC connections (SSLKEYLOGFILE), read at the start; they are decrypted with it."),
  "stream.flow-bytes-max": integer(1_048_576, "bytes", "The same for one side of one flow."),
  "stream.depth-bytes": integer(0, "bytes", "Bytes of one side of a connection that are read; 0 for all.", {
    suricata: ["stream.reassembly.depth"],
  }),
  "stream.depths": list([], "The same for single protocols, each as NAME=BYTES."),
  "geo.files": list(
    [],
    "MaxMind databases (.mmdb) that say where addresses belong: countries, autonomous systems. `auto`: those in /usr/share/GeoIP, /var/lib/GeoIP and /usr/local/share/GeoIP.",
    { suricata: ["geoip-database"] },
  ),
  "detect.home-networks": list(
    ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "fc00::/7", "fe80::/10"],
    "Networks that are ours: what detectors call inside.",
  ),
  "detect.allow": list(
    [],
    "What is not told, each as WHO, WHO>WHOM (a pair) or DETECTOR=…: addresses, networks or names; of every detector, or of one.",
  ),
  "detect.cooldown-s": integer(3600, "s", "Packet time in which one cause is one finding, counted from its last sign."),
  "detect.learnt": text(
    "",
    "Folder of `learnt.json`, what detectors know of the network from earlier runs; empty: of live capture its output folder, of files none.",
  ),
  "detect.save-interval-s": integer(300, "s", "Time between two times that live capture saves what detectors have learnt.", { min: 10 }),
  "anomaly.events-max": integer(1000, "events", "Anomaly events of one name written by one partition; more are only counted."),
  "files.digests": list(["sha256"], "Digests told of each file that a protocol carries: `md5`, `sha1`, `sha256`; empty for none."),
  "files.extract": text("", "Folder that files are written to, named by their SHA-256; empty for none."),
  "files.extract-bytes-max": integer(1_073_741_824, "bytes", "Extracted files that one run writes in all; later ones are only told."),
  "files.file-bytes-max": integer(16_777_216, "bytes", "Largest file that is extracted."),
  "rules.files": list([], "Files of rules in Suricata's language.", { suricata: ["rule-files"] }),
  "rules.variables": list([], "Groups of addresses and ports that rules name, each as NAME=VALUE: `HOME_NET=[10.0.0.0/8]`."),
  "rules.classification": text("", "Suricata's classification.config; empty for the built-in classes."),
  "rules.references": text("", "Suricata's reference.config.", { suricata: ["reference-config-file"] }),
  "rules.thresholds": text("", "Suricata's threshold.config: thresholds and suppressions by rule.", { suricata: ["threshold-file"] }),
  "rules.reputation-categories": text(
    "",
    "Categories of addresses that have a reputation (`iprep`), one `number,name,description` a line.",
    {
      suricata: ["reputation-categories-file"],
    },
  ),
  "rules.reputation-files": list([], "Reputations of addresses and networks, one `address,number of the category,score` a line.", {
    suricata: ["reputation-files"],
  }),
  "rules.hyperscan": text("auto", "Search literals with libhyperscan where it is installed (auto), or never (no).", {
    choices: ["auto", "no"],
  }),
  "rules.stream-depth-bytes": integer(
    1_048_576,
    "bytes",
    "Bytes of one side of a connection that rules without a protocol look at; 0 for all.",
  ),
  "rules.body-bytes-max": integer(102_400, "bytes", "Bytes of one body or file that rules look at.", { min: 1024 }),
  "rules.midstream": flag(false, "Rules about streams and messages look at connections that were met after their start, too.", {
    suricata: ["stream.midstream"],
  }),
  "rules.packet-alerts-max": integer(15, "alerts", "Alerts that one packet may raise; the most severe ones are told.", {
    min: 1,
    suricata: ["packet-alert-max"],
  }),
  "alert.payload": flag(false, "Alerts of rules show the payload of the packet or the stream, Base64.", {
    suricata: ["outputs.N.eve-log.types.N.alert.payload"],
  }),
  "alert.payload-printable": flag(false, "The same as text, with dots for what cannot be shown.", {
    suricata: ["outputs.N.eve-log.types.N.alert.payload-printable"],
  }),
  "alert.payload-length": flag(false, "Alerts say how long that payload is.", {
    suricata: ["outputs.N.eve-log.types.N.alert.payload-length"],
  }),
  "alert.payload-bytes-max": integer(4096, "bytes", "Bytes of a payload or body that one alert shows.", {
    min: 16,
    max: 1_048_576,
    suricata: ["outputs.N.eve-log.types.N.alert.payload-buffer-size"],
  }),
  "alert.packet": flag(false, "Alerts of rules show the packet, Base64, with its link type.", {
    suricata: ["outputs.N.eve-log.types.N.alert.packet"],
  }),
  "alert.http-body": flag(false, "Alerts in HTTP show the bodies that have come so far, Base64.", {
    suricata: ["outputs.N.eve-log.types.N.alert.http-body"],
  }),
  "alert.http-body-printable": flag(false, "The same as text.", {
    suricata: ["outputs.N.eve-log.types.N.alert.http-body-printable"],
  }),
  "keywords.files": list([], "Lists of keywords."),
  "keywords.default": text("auto", "The list of keywords that comes along: in live capture and demo (auto), always (yes), or never (no).", {
    choices: ["auto", "yes", "no"],
  }),
  "indicators.files": list([], "Lists of indicators: addresses, domains, URLs, fingerprints, digests."),
  "lists.directory": text(
    "",
    "Folder of the lists that the page, the API and the command line edit; empty: `lists` in the output folder of live capture.",
  ),
  "plugins.folder": text(
    "plugins",
    "Folder whose plugins of games are found (.so, .ts, .js, .wasm); live capture loads them anew when they change.",
  ),
  "plugins.deadline-ms": integer(1000, "ms", "Time that a plugin has for a batch of packets before it is ended.", { min: 10, max: 60_000 }),
  "plugins.memory": integer(256 * 2 ** 20, "bytes", "Memory that a plugin may use.", { min: 32 * 2 ** 20 }),
  "stats.interval-s": integer(8, "s", "Packet time between `stats` events of live capture; files get one at their end.", {
    suricata: ["stats.interval"],
  }),
  "eve.rotate-bytes": integer(0, "bytes", "Size at which eve.json is rotated; 0 for never."),
  "eve.rotate-keep": integer(5, "files", "Rotated files that are kept."),
  "suricata.mode": text("off", "A Suricata beside live capture: start one, follow the eve.json of one, or let one connect to a socket.", {
    choices: ["off", "start", "follow", "socket"],
  }),
  "suricata.binary": text("", "Suricata's program; empty for the one in PATH."),
  "suricata.config": text("", "Its installed suricata.yaml, from which ours is made; empty for the usual place."),
  "suricata.rules": list([], "Files of rules for it; empty for those of its own configuration."),
  "suricata.user": text("", "User that it becomes once its sockets are open; empty for the one that Oddwire runs as."),
  "suricata.eve": text("/var/log/suricata/eve.json", "File that is followed (`suricata.mode: follow`)."),
  "suricata.socket": text("", "Unix socket that it connects to, filetype unix_stream (`suricata.mode: socket`)."),
  "suricata.tell": list([], "Its events that are told beside alerts, by `event_type`, or `all`; the others are only counted."),
  "suricata.stats-interval-s": integer(8, "s", "Time between its counters, when Oddwire starts it.", { min: 1, max: 3600 }),
  "suricata.silent-intervals": integer(3, "", "Times that interval without any event, while packets come, that are told as a finding.", {
    min: 1,
  }),
  "suricata.restarts-max": integer(5, "", "Times in a row that it is started again after it ended."),
  "zeek.logs": text("", "Zeek's log file, or directory of them, that live capture follows; JSON and TSV are read."),
  "zeek.tell": list([], "Zeek's logs whose lines are told beside notices, by name (`conn`), or `all`; the others are only counted."),
  "catalog.folder": text(
    "catalog",
    "Folder of C headers that describe packets of games; a game's own lie in a folder or file named as it.",
  ),
  "catalog.model": text("lp64", "How wide C's types are in them: Linux of 64 bits, of 32 bits, or Windows of 64 bits.", {
    choices: ["lp64", "ilp32", "llp64"],
  }),
  "catalog.endian": text("little", "Byte order of their structs that do not say theirs.", { choices: ["little", "big"] }),
  "game.servers": list([], "Further ports of game servers, each as GAME=PORT, beside those that the game's plugin names."),
  "game.sessions-max": integer(65_536, "sessions", "Sessions of game servers followed at once; further ones are only counted.", {
    min: 1,
    max: 1_000_000,
  }),
  "game.player-interval-s": integer(30, "s", "Packet time between `player` events of a player who sends something.", { min: 1 }),
  "game.packets": flag(false, "Tell the packets of games with their fields as `game_session` events."),
  "game.packets-per-second-max": integer(200, "events/s", "Such events of one game in a second of packet time; more are only counted."),
  "game.speeds": list(
    [],
    "Top speed of the players of a game, each as GAME=UNITS a second; else the median player's tells what is possible.",
  ),
  "game.action-rates": list([], "Most actions that a game lets a player do, each as GAME=ACTIONS a second; not checked when absent."),
  "bots.scorer": text("rhythm", "Who decides whether a program plays: rhythm, order and repetition, or the four weighted heuristics.", {
    choices: ["rhythm", "classic"],
  }),
  "bots.actions-min": integer(100, "actions", "Actions before which nobody is judged.", { min: 20, max: 800 }),
  "bots.weights": list(
    [],
    "Weights of the four heuristics, each as NAME=SHARE: inter-arrival, regularity, opcode-entropy, response-consistency.",
  ),
  "plugins.files": list([], "Plugins of games."),
  "game.whitelist": list([], "Ids of players of whom no finding is told."),
  "deliver.webhooks": list(
    [],
    "Where findings and alerts are posted, each as `NAME ADDRESS [format=json|slack|discord|teams|text] [severity=…] [secret=env:NAME] [cooldown=SECONDS] [where QUERY]`.",
  ),
  "deliver.syslog": list(
    [],
    "Syslog receivers (RFC 5424), each as `NAME udp://HOST:PORT or tcp://HOST:PORT [facility=…] [severity=…] [cooldown=SECONDS] [where QUERY]`.",
  ),
  "deliver.messages-max": integer(10_000, "messages", "Messages to one of them that wait on the disk; the oldest are given up beyond it.", {
    min: 1,
  }),
  "deliver.bytes-max": integer(67_108_864, "bytes", "The same by size.", { min: 65_536 }),
  "deliver.age-max-h": integer(24, "h", "Age at which a message that nobody takes is given up.", { min: 1 }),
  "store.flush-ms": integer(500, "ms", "Longest time that an event waits to be stored.", { min: 10, max: 1000 }),
  "store.retention-days": integer(30, "days", "Age at which events are deleted; 0 for never."),
  "store.bytes-max": integer(10_737_418_240, "bytes", "Size of the store; the oldest events go first. 0 for no limit."),
  "api.listen": text("127.0.0.1:8080", "Address and port of the page and the API, or `unix:PATH` for a Unix socket."),
  "api.hosts": list([], "Further names that the page may be called by; addresses and localhost always work."),
  "api.capture-bytes-max": integer(
    1_073_741_824,
    "bytes",
    "Largest capture that people may give to the page to be read; the eight newest are kept. 0 to take none.",
    { min: 0 },
  ),
  "api.clients-max": integer(64, "clients", "Live streams open at once.", { min: 1, max: 10_000 }),
  "api.queries-max": integer(8, "queries", "Questions to the store answered at once; four times as many wait.", { min: 1, max: 256 }),
  "api.events-per-second": integer(200, "events/s", "Events sent to one live stream; findings go first, the others are counted.", {
    min: 1,
    max: 10_000,
  }),
} as const satisfies Record<string, ConfigKey>;

/** A switch for each plugin of the shelves and each detector: `dns.enabled`. */
const switches: Readonly<Record<`${string}.enabled`, Key<"boolean">>> = Object.fromEntries(
  shelfPlugins.flatMap(({ name, summary, protocols, detectors }) => [
    [`${name}.enabled`, flag(true, summary, { suricata: protocols.map((protocol) => `app-layer.protocols.${protocol}.enabled`) })],
    ...detectors
      .filter((detector) => detector.name !== name)
      .map((detector) => [`${detector.name}.enabled`, flag(detector.isOn, detector.summary)]),
  ]),
);

/** What detectors may be told: `scan.window-s`. They are asked for by name, so the compiler does not know them. */
const settings: Readonly<Record<string, ConfigKey>> = Object.fromEntries(
  shelfPlugins.flatMap(({ detectors }) =>
    detectors.flatMap((detector) => Object.entries(detector.settings).map(([name, key]) => [`${detector.name}.${name}`, key])),
  ),
);

export const configKeys: typeof ownKeys & typeof switches = { ...ownKeys, ...switches, ...settings };

export type ConfigName = keyof typeof configKeys;
/** A checked configuration: every key has a value of its type. */
export type Config = { readonly [K in keyof typeof ownKeys]: ValueOf<(typeof ownKeys)[K]> } & {
  readonly [K in keyof typeof switches]: boolean;
};

export const defaultConfig: Config = Object.fromEntries(Object.entries(configKeys).map(([name, key]) => [name, key.default])) as Config;
