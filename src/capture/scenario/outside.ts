import { ipv4Text } from "#base/address.ts";
import type { Random } from "#base/random.ts";
import { ip4 } from "./frames/endpoint.ts";
import { type Host, makeHost } from "./office.ts";

export type Use = "page" | "part" | "api" | "mail" | "updates" | "video" | "download" | "maker";

/** A name outside and the machine behind it. */
export interface Site {
  readonly name: string;
  readonly use: Use;
  /** 12 for servers that only speak TLS 1.2. */
  readonly tls: 12 | 13;
  readonly host: Host;
}

const names: Readonly<Record<Use, readonly string[]>> = {
  page: [
    "news.example.com",
    "www.example.org",
    "search.example.net",
    "maps.example.org",
    "weather.example.net",
    "docs.example.com",
    "social.example.com",
    "bank.example.net",
    "travel.example.org",
    "forum.example.net",
    "wiki.example.org",
    "market.example.com",
  ],
  part: ["cdn.example.net", "static.example.org", "fonts.example.com", "img.example.net", "ads.example.com", "metrics.example.net"],
  api: ["api.example.org", "chat.example.com", "sync.example.net", "git.example.org", "crm.example.com"],
  mail: ["imap.mail.example.net", "smtp.mail.example.net"],
  updates: ["updates.example.com", "packages.example.org", "ocsp.example.net"],
  video: ["video.example.net"],
  download: ["downloads.example.org"],
  maker: ["agents.example.org", "telemetry.example.com", "devices.example.net"],
}; // prettier-ignore

const old = new Set(["bank.example.net", "imap.mail.example.net", "smtp.mail.example.net", "crm.example.com", "packages.example.org"]);

/** Machines without a name that are remembered, so that their client ports go on. */
const namelessMax = 1_024;

/** Everything beyond the router: sites by name, and machines by address (the ranges of RFC 5737). */
export class Outside {
  readonly sites: readonly Site[];
  readonly #router: Host;
  readonly #random: Random;
  readonly #nameless = new Map<string, Host>();

  constructor(router: Host, random: Random) {
    this.#router = router;
    this.#random = random;
    let number = 10;
    const uses = Object.keys(names) as Use[];
    this.sites = uses.flatMap((use) =>
      names[use].map((name): Site => {
        const lag = use === "part" || use === "video" ? random.between(4_000, 12_000) : random.between(10_000, 60_000);
        return { name, use, tls: old.has(name) ? 12 : 13, host: this.#make(name, `192.0.2.${number++}`, lag, random) };
      }),
    );
  }

  of(use: Use): readonly Site[] {
    return this.sites.filter((site) => site.use === use);
  }

  site(name: string): Site | undefined {
    return this.sites.find((site) => site.name === name);
  }

  /** A machine without a name; the same one each time, as long as it is remembered. */
  host(address: string, lag?: number): Host {
    let host = this.#nameless.get(address);
    if (host === undefined) {
      if (this.#nameless.size >= namelessMax) this.#nameless.clear();
      const random = this.#random.fork(address);
      host = this.#make(address, address, lag ?? random.between(15_000, 90_000), random);
      this.#nameless.set(address, host);
    }
    return host;
  }

  /** One of the addresses that customers come from. */
  customer(random: Random): Host {
    return this.host(ipv4Text(ip4("198.51.100.0") + random.between(10, 200)));
  }

  #make(name: string, address: string, lag: number, random: Random): Host {
    const host = makeHost(name, address, this.#router.mac, "linux", lag, random);
    return { ...host, ttl: 64 - 6 - Math.floor(lag / 6_000) };
  }
}
