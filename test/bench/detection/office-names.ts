import type { Random } from "#base/random.ts";
import { benignName } from "#engine/names/dga/benign.ts";

/** A question for a name and what came of it. */
export interface Lookup {
  /** s from the beginning. */
  readonly at: number;
  readonly client: string;
  readonly name: string;
  readonly type: string;
  /** Address or text; none for a name that does not exist. */
  readonly answer?: string;
}

/** How an office is made up. */
export interface Office {
  readonly clients: number;
  readonly hours: number;
  /** Whether everybody's questions are seen as those of one resolver. */
  readonly isBehindResolver: boolean;
}

const hexDigits = "0123456789abcdef";
const lower = "abcdefghijklmnopqrstuvwxyz";
const mixed = `${lower}0123456789`;
export const textOf = (random: Random, alphabet: string, count: number): string =>
  Array.from({ length: count }, () => alphabet[random.between(0, alphabet.length)]).join("");

const hosts = [
  "www",
  "api",
  "cdn",
  "static",
  "img",
  "images",
  "assets",
  "login",
  "mail",
  "fonts",
  "media",
  "events",
  "telemetry",
  "m",
  "ws",
];
const suffixes = ["com", "com", "com", "net", "org", "de", "co.uk", "io", "fr", "com.br"];

/**
 * Names as an office's machines ask for them, from how programs are known to behave and knowing nothing of the detectors:
 * people browse sites of a common taste, pages bring in delivery networks with hashed hosts, trackers and video; machines
 * start in the morning, ask for their domain's services and for updates; telemetry calls home by the hour; a mail server asks
 * for lists, keys and reverse names; a scanner of viruses asks for hashes of files at a service of its own.
 */
export class OfficeNames {
  readonly #random: Random;
  readonly #words: readonly string[];
  readonly #office: Office;
  readonly #lookups: Lookup[] = [];
  readonly #sites: readonly string[];

  constructor(random: Random, words: readonly string[], office: Office) {
    this.#random = random;
    this.#words = words;
    this.#office = office;
    this.#sites = Array.from({ length: 3000 }, () => `${benignName(random, words)}.${random.pick(suffixes)}`);
  }

  /** All look-ups in order of time. */
  lookups(): readonly Lookup[] {
    const { clients, hours } = this.#office;
    for (let i = 0; i < clients; i++) this.#machine(`10.0.${1 + (i >> 7)}.${10 + (i & 127)}`);
    this.#mailServer("10.0.0.25");
    for (let at = 0; at < hours * 3600; at += this.#random.exponential(40))
      this.#ask(at, "10.0.0.30", `${this.#random.between(1, 255)}.${this.#random.between(0, 255)}.0.10.in-addr.arpa`, ["PTR"], undefined);
    return this.#lookups.toSorted((a, b) => a.at - b.at);
  }

  /** A person's machine: it starts within the first hour, and pauses. */
  #machine(client: string): void {
    const random = this.#random;
    const isModern = random.chance(0.7);
    const types = isModern ? ["A", "AAAA", "HTTPS"] : ["A"];
    const id = textOf(random, hexDigits, 12);
    const until = this.#office.hours * 3600;
    const begin = random.unit() * 3600;
    this.#start(begin, client, id);
    for (let at = begin; at < until; at += random.exponential(300)) this.#telemetry(at, client, id, types);
    for (let at = begin + 60; at < until; at += random.exponential(150)) {
      if (random.chance(0.02)) at += 600 + 3000 * random.unit();
      this.#page(at, client, types);
    }
  }

  #start(at: number, client: string, id: string): void {
    const domain = "ad.contoso-works.com";
    for (const name of [`_ldap._tcp.hq._sites.dc._msdcs.${domain}`, `_kerberos._tcp.${domain}`])
      this.#ask(at, client, name, ["SRV"], `dc1.${domain}`);
    this.#ask(at + 1, client, `desktop-${id.slice(0, 7)}.${domain}`, ["A", "SOA"], client);
    this.#ask(at + 2, client, "wpad.contoso-works.com", ["A"], undefined);
    for (const name of ["time.windows.com", "ctldl.windowsupdate.com", "settings-win.data.microsoft.com"])
      this.#ask(at + 3, client, name, ["A"], this.#address());
  }

  #telemetry(at: number, client: string, id: string, types: readonly string[]): void {
    const random = this.#random;
    const kind = random.between(0, 6);
    if (kind === 0) this.#ask(at, client, `device-${id}.iot.metrics-cloud.com`, types, "203.0.113.8");
    else if (kind === 1) this.#ask(at, client, `v10.events.data.microsoft.com`, types, "203.0.113.9");
    else if (kind === 2 && random.chance(0.3))
      this.#ask(at, client, `${textOf(random, hexDigits, 40)}.q.virus-lookup.com`, ["A"], "127.0.0.1");
    else this.#ask(at, client, `${random.pick(hosts)}.${random.pick(this.#sites)}`, types, this.#address());
  }

  /** A page: its site, its parts, and what delivery networks and trackers hang on it. */
  #page(at: number, client: string, types: readonly string[]): void {
    const random = this.#random;
    const site = this.#sites[Math.floor(this.#sites.length * random.unit() ** 3)] as string;
    const parts = random.between(3, 14);
    for (const name of [site, `www.${site}`]) this.#ask(at, client, name, types, this.#address());
    if (random.chance(0.01)) this.#ask(at, client, `www.${site.replace(/^(..)(.)/, "$2$1")}`, types, undefined);
    for (let i = 0; i < parts; i++) {
      const when = at + random.unit() * 4;
      const draw = random.unit();
      if (draw < 0.55) this.#ask(when, client, `${random.pick(hosts)}.${random.pick(this.#sites.slice(0, 120))}`, types, this.#address());
      else this.#ask(when, client, this.#hashed(draw), types, this.#address());
    }
  }

  /** Hosts whose names programs make: delivery networks, video, clouds, trackers. */
  #hashed(draw: number): string {
    const random = this.#random;
    const pick = Math.floor(((draw - 0.55) / 0.45) * 9);
    const id = (pool: number, alphabet: string, count: number): string => {
      let text = "";
      let state = random.between(0, pool) + 1;
      for (let i = 0; i < count; i++) {
        state = (Math.imul(state, 48_271) + i) >>> 0;
        text += alphabet[(state >>> 7) % alphabet.length];
      }
      return text;
    };
    const names = [
      (): string => `rr${random.between(1, 9)}---sn-${id(300, mixed, 8)}.googlevideo.com`,
      (): string => `d${id(2000, mixed, 13)}.cloudfront.net`,
      (): string => `${id(400, lower, 6)}-${id(400, mixed, 10)}.s3.eu-west-1.amazonaws.com`,
      (): string => `app-prod-${id(300, "0123456789", 10)}.eu-west-1.elb.amazonaws.com`,
      (): string => `e${random.between(1000, 20_000)}.dsca.akamaiedge.net`,
      (): string => `${id(500, hexDigits, 32)}.safeframe.googlesyndication.com`,
      (): string => `${random.between(1_000_000, 9_999_999)}.fls.doubleclick.net`,
      (): string => `scontent-${id(60, lower, 3)}${random.between(1, 4)}-1.xx.fbcdn.net`,
      (): string => `${id(800, mixed, 9)}.${id(40, lower, 4)}.tracker-one.net`,
    ];
    return (names[Math.min(8, pick)] as () => string)();
  }

  #mailServer(client: string): void {
    const random = this.#random;
    for (let at = 0; at < this.#office.hours * 3600; at += random.exponential(12)) {
      const octets = `${random.between(1, 255)}.${random.between(0, 255)}.${random.between(0, 255)}.${random.between(11, 200)}`;
      const sender = random.chance(0.6) ? random.pick(this.#sites) : `${benignName(random, this.#words)}.${random.pick(suffixes)}`;
      for (const list of ["zen.spamhaus.org", "bl.some-list.org"])
        this.#ask(at, client, `${octets}.${list}`, ["A"], random.chance(0.4) ? "127.0.0.2" : undefined);
      this.#ask(at, client, `${sender}.dbl.spamhaus.org`, ["A"], undefined);
      this.#ask(at + 0.1, client, sender, ["MX", "TXT"], `mail.${sender}`);
      this.#ask(at + 0.2, client, `_dmarc.${sender}`, ["TXT"], "v=DMARC1; p=none");
      this.#ask(
        at + 0.2,
        client,
        `${random.chance(0.4) ? textOf(random, mixed, 32) : "selector1"}._domainkey.${sender}`,
        ["TXT"],
        "v=DKIM1; k=rsa",
      );
      this.#ask(at + 0.3, client, `${octets}.in-addr.arpa`, ["PTR"], `mail.${sender}`);
    }
  }

  #address(): string {
    const random = this.#random;
    return `${random.pick([23, 34, 52, 104, 142, 151, 185])}.${random.between(0, 256)}.${random.between(0, 256)}.${random.between(1, 255)}`;
  }

  #ask(at: number, client: string, name: string, types: readonly string[], answer: string | undefined): void {
    const who = this.#office.isBehindResolver ? "10.0.0.53" : client;
    for (const type of types) {
      const given = type === "AAAA" || type === "HTTPS" ? {} : answer === undefined ? {} : { answer };
      this.#lookups.push({ at, client: who, name, type, ...given });
    }
  }
}
