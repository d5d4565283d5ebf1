import type { Transaction } from "#contract/parser.ts";

const linesMax = 256;
const attributesMax = 24;
const bandwidthsMax = 8;
const mediaMax = 8;
const lineCharactersMax = 512;

/** Members of the event by the letter of a line; keys (`k=`) are not told. */
const NAMES: { readonly [letter: string]: string } = {
  o: "origin",
  s: "session_name",
  i: "session_info",
  u: "uri",
  e: "email",
  p: "phone_number",
  c: "connection_data",
  t: "time",
  r: "repeat_time",
  z: "timezone",
};

/** Where media are expected, as far as this description says. */
export interface MediaPort {
  readonly media: string;
  readonly port: number;
  /** Port of the control protocol; the same when both share one. */
  readonly controlPort: number;
  readonly secure: boolean;
  /** Codecs by payload type: `PCMU/8000`. */
  readonly codecs: { readonly [type: string]: string };
}

export interface Description {
  readonly told: Transaction;
  readonly ports: readonly MediaPort[];
}

/** Reads a session description (RFC 8866). */
export function readDescription(text: string): Description {
  const told: Transaction = {};
  const media: Transaction[] = [];
  let truncated = false;
  let current = told;
  const lines = text.split(/\r\n|\r|\n/, linesMax + 1);
  for (const line of lines.slice(0, linesMax)) {
    if (line[1] !== "=") continue;
    const value = line.slice(2, 2 + lineCharactersMax);
    const letter = line[0] as string;
    if (letter === "m") {
      truncated ||= media.length === mediaMax;
      current = { media: value };
      if (media.length < mediaMax) media.push(current);
    } else if (letter === "v") told["version"] = Number.parseInt(value, 10) || 0;
    else if (letter === "a") truncated = !append(current, "attributes", value, attributesMax) || truncated;
    else if (letter === "b") truncated = !append(current, "bandwidths", value, bandwidthsMax) || truncated;
    else if (NAMES[letter] !== undefined && (current === told || letter === "i" || letter === "c")) current[NAMES[letter]] ??= value;
  }
  if (media.length > 0) told["media_descriptions"] = media;
  if (truncated || lines.length > linesMax) told["truncated"] = true;
  return { told, ports: media.flatMap(portOf) };
}

/** Returns false when the list is full. */
function append(to: Transaction, name: string, value: string, most: number): boolean {
  to[name] ??= [];
  const list = to[name] as string[];
  if (list.length >= most) return false;
  list.push(value);
  return true;
}

/** `audio 30000 RTP/AVP 0 8`; a port of 0 refuses the medium. DTLS comes first where it makes the keys. */
function portOf(medium: Transaction): MediaPort[] {
  const match = /^(\S+) (\d{1,5})(?:\/\d+)? (RTP\/S?AVPF?)(?: |$)/.exec(medium["media"] as string);
  if (match === null) return [];
  const port = Number(match[2]);
  if (port === 0 || port > 65_535) return [];
  const codecs: { [type: string]: string } = {};
  let controlPort = port + 1;
  for (const attribute of (medium["attributes"] as string[] | undefined) ?? []) {
    const map = /^rtpmap:(\d{1,3}) (\S{1,64})/.exec(attribute);
    if (map !== null) codecs[map[1] as string] = map[2] as string;
    const control = /^rtcp:(\d{1,5})/.exec(attribute);
    if (control !== null) controlPort = Number(control[1]);
    if (attribute === "rtcp-mux") controlPort = port;
  }
  return [{ media: match[1] as string, port, controlPort, secure: (match[3] as string).includes("SAVP"), codecs }];
}
