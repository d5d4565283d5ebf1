/**
 * Lists of indicators, as people and feeds write them:
 *
 *     # comment                                    # oddwire: source=team type=domain severity=high expires=2027-01-01
 *     192.0.2.1                                    value,type,source,expires,note
 *     2001:db8::/32   # a note                     evil.example,domain,CERT,2027-01-01,"phishing, wave 3"
 *     evil.example                                 # "first_seen_utc","ioc_id","ioc_value","ioc_type",…   (abuse.ch)
 *     !good.example   # never alerts               uuid,event_id,category,type,value,comment,to_ids,date   (MISP)
 *     0.0.0.0 ads.example   (hosts file)
 *
 * A line `# oddwire: …` speaks for all that follow it: `source`, `type`, `severity`, `expires`, `allow`.
 */
import { csvCells, type Header, readHeader } from "./csv-line.ts";
import { type Indicator, type IndicatorType, indicatorTypes, isSeverity, severities, type Trouble } from "./indicator.ts";
import { isRefusal, readValue } from "./value.ts";

const lineBytesMax = 65_536;
/** Lines that are read in one step: about a millisecond. */
const stepLines = 256;
/** Names of types in MISP and abuse.ch. */
const otherNames: Readonly<Record<string, IndicatorType>> = {
  ip: "address",
  ipv4: "address",
  ipv6: "address",
  cidr: "address",
  "ip:port": "address",
  "ip-src": "address",
  "ip-dst": "address",
  "ip-src|port": "address",
  "ip-dst|port": "address",
  hostname: "domain",
  host: "domain",
  fqdn: "domain",
  "domain|ip": "domain",
  "hostname|port": "domain",
  uri: "url",
  "ja3-fingerprint-md5": "ja3",
  ja3_fingerprint: "ja3",
  "ja4-plus": "ja4",
  "hassh-md5": "hassh",
  "x509-fingerprint-sha1": "certificate",
  sha1_certificate: "certificate",
  certificate_sha1: "certificate",
  md5_hash: "md5",
  sha1_hash: "sha1",
  sha256_hash: "sha256",
  "filename|md5": "md5",
  "filename|sha1": "sha1",
  "filename|sha256": "sha256",
};
/** Types of MISP and others that no flow shows; rows with them are skipped without a word. */
const silentTypes =
  /^(?:comment|text|link|yara|snort|sigma|mutex|regkey.*|filename|ssdeep|imphash|email.*|vulnerability|attachment|malware-.*|pattern-.*|named pipe|btc|user-agent|sha512|sha3_384_hash|sha3-384|tlsh|x509-.*|jarm.*|as|port|other|datetime|size-in-bytes|counter|float|hex|mime-type|target-.*|threat-.*|whois-.*|.*\|vhash|authentihash|pehash|sha224|sha384|sha512\/.*|impfuzzy|telfhash)$/;
const names: ReadonlySet<string> = new Set(indicatorTypes);

/** What speaks for the lines below it. */
interface Standing {
  type: IndicatorType | undefined;
  source: string;
  severity: number;
  expires: number;
  allowed: boolean;
}

/** Hands over every indicator and every trouble of a list, in order. A step is some hundred lines. */
export function* readList(
  text: string,
  take: (indicator: Indicator, line: number) => void,
  trouble: (trouble: Trouble) => void,
): Generator<undefined, void> {
  const reader = new ListReader(take, trouble);
  let line = 1;
  for (let at = text.startsWith("\ufeff") ? 1 : 0; at < text.length; line++) {
    const end = text.indexOf("\n", at);
    const next = end < 0 ? text.length : end;
    reader.line(text.slice(at, next > at && text.charCodeAt(next - 1) === 13 ? next - 1 : next), line);
    at = next + 1;
    if (line % stepLines === 0) yield undefined;
  }
}

class ListReader {
  readonly #take: (indicator: Indicator, line: number) => void;
  readonly #trouble: (trouble: Trouble) => void;
  readonly #standing: Standing = { type: undefined, source: "", severity: severities.medium, expires: 0, allowed: false };
  #header: Header | undefined = undefined;
  #isBegun = false;
  #line = 0;

  constructor(take: (indicator: Indicator, line: number) => void, trouble: (trouble: Trouble) => void) {
    this.#take = take;
    this.#trouble = trouble;
  }

  line(raw: string, number: number): void {
    this.#line = number;
    const line = raw.trim();
    if (line === "") return;
    if (line.length > lineBytesMax) {
      this.#complain(1, "the line is too long", `at most ${lineBytesMax} characters`);
      return;
    }
    if (line.startsWith("#") || line.startsWith(";") || line.startsWith("//")) {
      this.#comment(line);
      return;
    }
    if (!this.#isBegun) {
      this.#isBegun = true;
      const header = line.includes(",") ? readHeader(line) : undefined;
      if (header !== undefined) {
        this.#header = header;
        return;
      }
    }
    if (this.#header === undefined) this.#plain(raw);
    else this.#row(line, this.#header);
  }

  #comment(line: string): void {
    const directive = /^[#;/]+\s*oddwire:\s*(.*)$/.exec(line);
    if (directive !== null) {
      this.#direct(directive[1] as string, line);
      return;
    }
    if (this.#isBegun || !line.includes(",")) return;
    const header = readHeader(line);
    if (header === undefined) return;
    this.#header = header;
    this.#isBegun = true;
  }

  #direct(words: string, line: string): void {
    for (const word of words.match(/[a-z]+="[^"]*"|\S+/g) ?? []) {
      const column = line.indexOf(word) + 1;
      const [name = "", given = ""] = word.split(/=(.*)/s);
      const value = given.replace(/^"(.*)"$/, "$1");
      if (name === "allow" && given === "") this.#standing.allowed = true;
      else if (name === "source") this.#standing.source = value;
      else if (name === "type") this.#standing.type = this.#typeOf(value, column);
      else if (name === "severity") this.#standing.severity = this.#severityOf(value, column);
      else if (name === "expires") this.#standing.expires = this.#expiresOf(value, column);
      else this.#complain(column, `${word} is no word of such a line`, "source=, type=, severity=, expires= or allow");
    }
  }

  #plain(raw: string): void {
    const comment = raw.search(/\s[#;]/);
    const note =
      comment < 0
        ? ""
        : raw
            .slice(comment)
            .replace(/^\s*[#;]\s*/, "")
            .trim();
    const body = (comment < 0 ? raw : raw.slice(0, comment)).trim();
    const start = raw.indexOf(body) + 1;
    const allowed = body.startsWith("!");
    const cells = (allowed ? body.slice(1) : body).trim().split(/\s+/);
    const [first = ""] = cells;
    if (cells.length > 1 && /^(?:127\.0\.0\.1|0\.0\.0\.0|::1?|fe80::1%lo0|255\.255\.255\.255)$/.test(first)) {
      for (const name of cells.slice(1)) if (name.includes(".")) this.#give(name, "domain", start + body.indexOf(name), allowed, note);
      return;
    }
    if (cells.length > 1) {
      this.#complain(
        start + first.length,
        "there is more than one value on the line",
        "put a note behind `#`, or write a CSV file with a header",
      );
      return;
    }
    this.#give(first, this.#standing.type, start + (allowed ? 1 : 0), allowed, note);
  }

  #row(line: string, header: Header): void {
    const cells = csvCells(line);
    const cell = (column: number): string => (column < 0 ? "" : (cells[column] ?? "").trim());
    const given = cell(header.value);
    if (given === "") {
      this.#complain(1, "the row has no value", `its place is column ${header.value + 1} of the header`);
      return;
    }
    const counts = cell(header.counts).toLowerCase();
    if (counts === "0" || counts === "false") return;
    const word = (cell(header.type) || (header.named ?? "")).toLowerCase();
    if (silentTypes.test(word)) return;
    const column = line.indexOf(given) + 1;
    const type = word === "" ? this.#standing.type : this.#typeOf(word, column);
    if (word !== "" && type === undefined) return;
    const value = word.startsWith("filename|")
      ? given.slice(given.lastIndexOf("|") + 1)
      : word.includes("|") && type === "domain"
        ? (given.split("|")[0] as string)
        : given.replace("|", ":");
    const port = cell(header.port);
    const severity = cell(header.severity);
    const expires = cell(header.expires);
    this.#give(
      type === "address" && /^\d+$/.test(port) && !/[/:]/.test(value) ? `${value}:${port}` : value,
      type,
      column,
      value.startsWith("!") || cell(header.action).toLowerCase() === "allow",
      cell(header.note),
      {
        source: cell(header.source),
        severity: severity === "" ? undefined : this.#severityOf(severity, column),
        expires: expires === "" ? undefined : this.#expiresOf(expires, column),
      },
    );
  }

  #give(
    text: string,
    type: IndicatorType | undefined,
    column: number,
    allowed: boolean,
    note: string,
    more?: { readonly source: string; readonly severity: number | undefined; readonly expires: number | undefined },
  ): void {
    const read = readValue(text.startsWith("!") ? text.slice(1) : text, type);
    if (isRefusal(read)) {
      this.#complain(column, read.cause, read.mend);
      return;
    }
    const standing = this.#standing;
    this.#take(
      {
        ...read,
        allowed: allowed || standing.allowed,
        severity: more?.severity ?? standing.severity,
        source: more === undefined || more.source === "" ? standing.source : more.source,
        expires: more?.expires ?? standing.expires,
        note,
      },
      this.#line,
    );
  }

  #typeOf(word: string, column: number): IndicatorType | undefined {
    const type = names.has(word) ? (word as IndicatorType) : otherNames[word];
    if (type === undefined) this.#complain(column, `${word} is no type of indicator`, `one of ${indicatorTypes.join(", ")}`);
    return type;
  }

  #severityOf(word: string, column: number): number {
    const known = word.toLowerCase();
    if (isSeverity(known)) return severities[known];
    this.#complain(column, `${word} is no severity`, `one of ${Object.keys(severities).join(", ")}`);
    return severities.medium;
  }

  /** A date, a moment (UTC when no zone is said) or seconds since 1970. */
  #expiresOf(text: string, column: number): number {
    if (/^\d{9,11}$/.test(text)) return Number(text);
    const iso = /^\d{4}-\d\d-\d\d([ T]\d\d:\d\d(:\d\d(\.\d+)?)?)?( ?UTC|Z|[+-]\d\d:?\d\d)?$/.exec(text);
    const time =
      iso === null
        ? Number.NaN
        : Date.parse(
            iso[1] === undefined
              ? text.slice(0, 10)
              : `${text.replace(" UTC", "").replace("UTC", "").replace(" ", "T")}${/Z$|[+-]\d\d:?\d\d$/.test(text) ? "" : "Z"}`,
          );
    if (!Number.isNaN(time)) return Math.floor(time / 1000);
    this.#complain(column, `${text} is no time`, "write 2027-01-31, 2027-01-31T12:00:00Z or seconds since 1970");
    return 0;
  }

  #complain(column: number, cause: string, mend: string): void {
    this.#trouble({ line: this.#line, column, cause, mend });
  }
}
