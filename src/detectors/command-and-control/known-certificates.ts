/**
 * Certificates that remote-access tools and attack frameworks make by themselves when nobody changes their settings. A
 * table of published facts; each row names who published them. Sources:
 *   tools    the tool's own public source code makes the name
 *   censys   awesome-censys-queries, with Trend Micro, "The State of SSL/TLS Certificate Usage in Malware C&C" (2021)
 *   zeek     Corelight's public detectors zeek-asyncrat-detector and zeek-quasarrat-detector
 *   shodan   M. Koczwara, "Hunting C2 with Shodan" (2021)
 *   manual   the vendor's manual
 */
export interface KnownCertificate {
  readonly family: string;
  readonly member: "subject" | "issuerdn" | "serial";
  /** `is`: the whole value; `name`: the common name; `organization`: the organization. */
  readonly how: "is" | "name" | "organization";
  readonly value: string;
  readonly source: string;
}

export const knownCertificates: readonly KnownCertificate[] = [
  { family: "AsyncRAT", member: "subject", how: "name", value: "AsyncRAT Server", source: "zeek" },
  { family: "DcRat", member: "issuerdn", how: "name", value: "DcRat Server", source: "tools" },
  { family: "DcRat", member: "issuerdn", how: "organization", value: "DcRat By qwqdanchun", source: "tools" },
  { family: "DcRat", member: "subject", how: "name", value: "DcRat", source: "tools" },
  { family: "VenomRAT", member: "issuerdn", how: "organization", value: "VenomRAT By qwqdanchun", source: "tools" },
  { family: "VenomRAT", member: "subject", how: "name", value: "VenomRAT", source: "tools" },
  { family: "Quasar", member: "subject", how: "name", value: "Quasar Server CA", source: "zeek" },
  { family: "Orcus", member: "subject", how: "name", value: "OrcusServerCertificate", source: "tools" },
  { family: "Orcus", member: "subject", how: "name", value: "Orcus Server", source: "censys" },
  { family: "BitRAT", member: "subject", how: "name", value: "BitRAT", source: "censys" },
  { family: "Cobalt Strike", member: "serial", how: "is", value: "08:BB:00:EE", source: "manual" },
  { family: "Cobalt Strike", member: "subject", how: "name", value: "Major Cobalt Strike", source: "manual" },
  { family: "Cobalt Strike", member: "subject", how: "organization", value: "cobaltstrike", source: "manual" },
  { family: "Metasploit", member: "issuerdn", how: "name", value: "MetasploitSelfSignedCA", source: "shodan" },
  { family: "Sliver", member: "issuerdn", how: "name", value: "operators", source: "shodan" },
  { family: "Mythic", member: "subject", how: "organization", value: "Mythic", source: "shodan" },
  { family: "PoshC2", member: "subject", how: "name", value: "P18055077", source: "tools" },
  { family: "Covenant", member: "subject", how: "name", value: "Covenant", source: "censys" },
];

/** SHA-1 of certificates that come with a tool, as in the `tls` event. */
export const knownFingerprints: readonly { readonly family: string; readonly sha1: string; readonly source: string }[] = [
  {
    family: "Cobalt Strike",
    sha1: "6e:ce:5e:ce:41:92:68:3d:2d:84:e2:5b:0b:a7:e0:4f:9c:b7:eb:7c",
    source: "NCC Group and Recorded Future, default team-server certificate (2018)",
  },
];

/** Ports on which TLS is usual (IANA's registry and defaults of well-known programs). */
export const usualTlsPorts: ReadonlySet<number> = new Set(
  (
    "443 465 563 587 636 853 989 990 992 993 994 995 1194 2376 3269 3389 4433 5061 5223 5228 5349 5986 6443 6514 6697 8006 8080 8081 8443 " +
    "8883 9001 9443 64738"
  )
    .split(" ")
    .map(Number),
);

/** Domains under which anybody gets a host name for an address that changes (the providers' own lists). */
export const dynamicDomains: ReadonlySet<string> = new Set(
  (
    "duckdns.org ydns.eu no-ip.org no-ip.biz no-ip.info noip.me ddns.net hopto.org zapto.org sytes.net myftp.org myftp.biz myvnc.com " +
    "redirectme.net servebeer.com serveblog.net servecounterstrike.com serveftp.com servegame.com servehalflife.com servehttp.com " +
    "serveirc.com serveminecraft.net servemp3.com servepics.com servequake.com bounceme.net gotdns.ch webhop.me dynu.net freeddns.org " +
    "mywire.org ooguy.com theworkpc.com casacam.net camdvr.org accesscam.org giize.com gleeze.com kozow.com loseyourip.com dyndns.org " +
    "dyndns.info mooo.com chickenkiller.com crabdance.com ignorelist.com strangled.net twilightparadox.com publicvm.com linkpc.net " +
    "dnsdojo.com changeip.com ddnsfree.com nsupdate.info portmap.host portmap.io dynv6.net ddnsgeek.com"
  ).split(" "),
);
