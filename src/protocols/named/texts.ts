import { Probe } from "#contract/parser.ts";
import { type Signature, starts } from "./signature.ts";

/** A line of the first side's text decides, or its first word. */
const lettersOf = (view: DataView, at: number, length: number): string => {
  let text = "";
  for (let i = 0; i < Math.min(length, 64); i++) text += String.fromCharCode(view.getUint8(at + i));
  return text;
};

/** RFC 2326 §6: the method's target is an rtsp address. */
const rtspMethods = ["OPTIONS", "DESCRIBE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "ANNOUNCE", "RECORD", "GET_PARAMETER", "SET_PARAMETER"];

/** Protocols whose first bytes are text. */
export const textSignatures: readonly Signature[] = [
  {
    name: "rtsp",
    over: "tcp",
    ports: [554, 8554],
    test: starts("RTSP/1.0 ", ...rtspMethods.flatMap((method) => [`${method} rtsp://`, `${method} * RTSP/`])),
  },
  { name: "icecast", over: "tcp", ports: [8000], test: starts("ICY 200 OK", "SOURCE /") },
  {
    name: "nntp",
    over: "tcp",
    ports: [119, 433],
    weak: true,
    test: starts("200 ", "201 ", "MODE READER", "GROUP ", "ARTICLE <", "AUTHINFO ", "CAPABILITIES\r"),
  },
  { name: "rsync", over: "tcp", ports: [873], test: starts("@RSYNCD: ") },
  { name: "git", over: "tcp", ports: [9418], test: gitRequest },
  { name: "subversion", over: "tcp", ports: [3690], test: starts("( success ( ") },
  { name: "cvs", over: "tcp", ports: [2401], test: starts("BEGIN AUTH REQUEST\n", "BEGIN VERIFICATION REQUEST\n") },
  { name: "ceph", over: "tcp", ports: [3300, 6789, 6800], test: starts("ceph v") },
  { name: "checkmk", over: "tcp", ports: [6556], test: starts("<<<check_mk", "<<<") },
  { name: "zabbix", over: "tcp", ports: [10_050, 10_051], test: starts("ZBXD\u0001", "ZBXD\u0003") },
  { name: "nats", over: "tcp", ports: [4222], test: starts('INFO {"', "INFO  {", 'CONNECT {"') },
  { name: "munin", over: "tcp", ports: [4949], test: starts("# munin node at ") },
  { name: "ookla", over: "tcp", ports: [8080, 5060], test: starts("HI\n", "HI ", "HELLO 2.") },
  { name: "nomachine", over: "tcp", ports: [4000], test: starts("NXSH-", "NXD-") },
  { name: "citrix", over: "tcp", ports: [1494, 2598], test: starts("\u007f\u007fICA\u0000", "\u001aCGP/01") },
  { name: "spice", over: "tcp", ports: [5900], test: starts("REDQ") },
  { name: "adb", over: "tcp", ports: [5555], test: starts("CNXN\u0000") },
  { name: "gnutella", over: "tcp", ports: [6346], test: starts("GNUTELLA CONNECT/", "GNUTELLA/0.", "GET /uri-res/N2R?urn:") },
  { name: "direct-connect", over: "tcp", ports: [411, 412], test: starts("$Lock ", "$MyNick ", "HSUP ADBAS") },
  { name: "msnp", over: "tcp", ports: [1863], test: starts("VER 0 MSNP", "VER 1 MSNP", "VER 2 MSNP") },
  { name: "ymsg", over: "tcp", ports: [5050], test: starts("YMSG\u0000") },
  {
    name: "stomp",
    over: "tcp",
    ports: [61_613],
    test: starts("CONNECT\naccept-version:", "STOMP\naccept-version:", "CONNECT\nlogin:", "CONNECTED\nversion:"),
  },
  { name: "beanstalk", over: "tcp", ports: [11_300], onPortOnly: true, test: starts("put ", "reserve", "use ", "watch ", "stats") },
  { name: "jetdirect", over: "tcp", ports: [9100], test: starts("@PJL", "\u001b%-12345X") },
  { name: "hl7", over: "tcp", ports: [2575], test: starts("\u000bMSH|") },
  { name: "gearman", over: "tcp", ports: [4730], test: starts("\u0000REQ\u0000\u0000\u0000", "\u0000RES\u0000\u0000\u0000") },
  { name: "hislip", over: "tcp", ports: [4880], test: starts("HS\u0000\u0000", "HS\u0001", "HS\u0011", "HS\u0012") },
  { name: "nbd", over: "tcp", ports: [10_809], test: starts("NBDMAGIC") },
  { name: "avast", over: "tcp", ports: [80], test: starts("NOSA\u0000") },
  { name: "fins", over: "tcp", ports: [9600], test: starts("FINS\u0000\u0000\u0000") },
  { name: "vmware-auth", over: "tcp", ports: [902], test: starts("220 VMware Authentication Daemon") },
  { name: "teamviewer", over: "tcp", ports: [5938], test: starts("\u0017\u0024\u000a\u0020", "\u0017\u0024\u001f\u0000", "\u0011\u0030") },
  { name: "tor-control", over: "tcp", ports: [9051], test: starts("PROTOCOLINFO", 'AUTHENTICATE "') },
  { name: "finger", over: "tcp", ports: [79], onPortOnly: true, test: printableLine },
  { name: "whois", over: "tcp", ports: [43, 4343], onPortOnly: true, test: printableLine },
  { name: "ident", over: "tcp", ports: [113], onPortOnly: true, test: printableLine },
  { name: "gopher", over: "tcp", ports: [70], onPortOnly: true, test: printableLine },
  { name: "ripe-atlas", over: "both", test: starts("MGLNDD_") },
  { name: "bittorrent-lsd", over: "udp", ports: [6771], test: starts("BT-SEARCH * HTTP/1.") },
  { name: "spotify", over: "udp", ports: [57_621], test: starts("SpotUdp") },
  { name: "tivoconnect", over: "udp", ports: [2190], test: starts("TiVoConnect=") },
  { name: "rtps", over: "udp", ports: [7400, 7401, 7410, 7411], test: starts("RTPS\u0002", "RTPX\u0002") },
  { name: "ethersio", over: "udp", ports: [6060], test: starts("ESIO\u0000") },
  { name: "dlep", over: "udp", ports: [854], test: starts("DLEP\u0000") },
  { name: "dnscrypt", over: "udp", ports: [443, 5353], test: starts("r6fnvWj8") },
  { name: "tailscale-disco", over: "udp", ports: [41_641], test: starts("TS\u00f0\u009f\u0092\u00ac") },
  { name: "ws-discovery", over: "udp", ports: [3702], test: soapDatagram },
  { name: "steam-discovery", over: "udp", ports: [27_036], test: starts("\u00ff\u00ff\u00ff\u00ff\u0021\u004c\u005f\u00a0") },
  { name: "dropbox", over: "udp", ports: [17_500], test: dropboxDatagram },
  { name: "statsd", over: "udp", ports: [8125], onPortOnly: true, test: printableLine },
  { name: "rsh", over: "tcp", ports: [514], onPortOnly: true, test: remoteShell },
  { name: "rlogin", over: "tcp", ports: [513], onPortOnly: true, test: starts("\u0000") },
];

/** Four hexadecimal digits and a service: the pkt-line of git's own protocol. */
function gitRequest(view: DataView, at: number, length: number): Probe {
  const text = lettersOf(view, at, length);
  if (/^[0-9a-f]{4}git-(?:upload|receive)-/.test(text)) return Probe.yes;
  const shape = "git-upload-pack";
  if (!/^[0-9a-f]{0,4}$/.test(text.slice(0, 4))) return Probe.no;
  return text.length < 20 && (shape.startsWith(text.slice(4)) || "git-receive-pack".startsWith(text.slice(4))) ? Probe.more : Probe.no;
}

/** Printable bytes up to a newline, or up to the end of what is there. */
function printableLine(view: DataView, at: number, length: number): Probe {
  for (let i = 0; i < Math.min(length, 512); i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0x0a) return i > 0 ? Probe.yes : Probe.no;
    if (byte !== 0x0d && (byte < 0x20 || byte > 0x7e)) return Probe.no;
  }
  return length < 512 ? Probe.more : Probe.no;
}

/** A port in digits for the second connection, then NUL (the protocol of rcmd). */
function remoteShell(view: DataView, at: number, length: number): Probe {
  for (let i = 0; i < Math.min(length, 6); i++) {
    const byte = view.getUint8(at + i);
    if (byte === 0) return Probe.yes;
    if (byte < 0x30 || byte > 0x39) return Probe.no;
  }
  return length < 6 ? Probe.more : Probe.no;
}

/** First bytes of an XML document, without and with a byte order mark. */
const LESS = 0x3c;
const ORDER_MARK = 0xef;

const HOST = Uint8Array.from('"host_int"', (letter) => letter.charCodeAt(0));
const BUS = Uint8Array.from("Bus17Cmd", (letter) => letter.charCodeAt(0));

function standsAt(view: DataView, at: number, end: number, text: Uint8Array): boolean {
  if (at + text.length > end) return false;
  for (let i = 0; i < text.length; i++) if (view.getUint8(at + i) !== text[i]) return false;
  return true;
}

/** OASIS WS-Discovery: a SOAP envelope in one datagram. */
function soapDatagram(view: DataView, at: number, length: number): Probe {
  const first = length > 64 ? view.getUint8(at) : 0;
  if (first !== LESS && first !== ORDER_MARK) return Probe.no;
  const text = lettersOf(view, at, length);
  return /^(?:\ufeff|\u00ef\u00bb\u00bf)?<\??(?:xml|\w*:?Envelope)/i.test(text) ? Probe.yes : Probe.no;
}

/** The announcement in a local network is JSON; the protocol between peers names its bus. */
function dropboxDatagram(view: DataView, at: number, length: number): Probe {
  const end = at + Math.min(length, 256);
  for (let i = at; i < end; i++) {
    const byte = view.getUint8(i);
    if (byte === HOST[0] && standsAt(view, i, end, HOST)) return Probe.yes;
    if (byte === BUS[0] && standsAt(view, i, end, BUS)) return Probe.yes;
  }
  return Probe.no;
}
