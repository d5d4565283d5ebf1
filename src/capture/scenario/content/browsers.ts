/** How a program says hello: what makes its fingerprints (JA3, JA4) differ from another's. */
export interface Browser {
  readonly name: string;
  readonly userAgent: string;
  readonly ciphers: readonly number[];
  readonly extensions: readonly number[];
  readonly groups: readonly number[];
  readonly signatures: readonly number[];
  readonly versions: readonly number[];
  /** Puts GREASE values in (RFC 8701). */
  readonly greased: boolean;
  /** Draws the extensions' order anew each time. */
  readonly shuffled: boolean;
}

const modern = [0x1301, 0x1302, 0x1303];
const ecdhe = [0xc02b, 0xc02f, 0xc02c, 0xc030, 0xcca9, 0xcca8];
const usual = [0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601];

/** Programs of people. */
export const browsers: readonly Browser[] = [
  {
    name: "lighthouse",
    userAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36",
    ciphers: [...modern, ...ecdhe, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f, 0x0035],
    extensions: [0, 23, 65_281, 10, 11, 35, 16, 5, 13, 18, 51, 45, 43, 27, 17_513],
    groups: [0x001d, 0x0017, 0x0018],
    signatures: usual,
    versions: [0x0304, 0x0303],
    greased: true,
    shuffled: true,
  },
  {
    name: "fox",
    userAgent: "Mozilla/5.0 (X11; Linux x86_64; rv:146.0) Gecko/20100101 Firefox/146.0",
    ciphers: [
      0x1301, 0x1303, 0x1302, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc02c, 0xc030, 0xc00a, 0xc009, 0xc013, 0xc014, 0x009c, 0x009d, 0x002f,
      0x0035,
    ],
    extensions: [0, 23, 65_281, 10, 11, 35, 16, 5, 18, 51, 43, 13, 45, 28],
    groups: [0x001d, 0x0017, 0x0018, 0x0019, 0x0100, 0x0101],
    signatures: [0x0403, 0x0503, 0x0603, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601, 0x0203, 0x0201],
    versions: [0x0304, 0x0303],
    greased: false,
    shuffled: false,
  },
  {
    name: "orchard",
    userAgent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 Safari/605.1.15",
    ciphers: [...modern, 0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0xc00a, 0xc009, 0xc014, 0xc013, 0x009d, 0x009c, 0x0035, 0x002f],
    extensions: [0, 23, 65_281, 10, 11, 16, 5, 13, 18, 51, 45, 43, 27],
    groups: [0x001d, 0x0017, 0x0018, 0x0019],
    signatures: [0x0403, 0x0804, 0x0401, 0x0503, 0x0203, 0x0805, 0x0501, 0x0806, 0x0601, 0x0201],
    versions: [0x0304, 0x0303, 0x0302, 0x0301],
    greased: true,
    shuffled: false,
  },
];

/** A program without a window: updaters, mail clients, synchronisation. */
export const service: Browser = {
  name: "service",
  userAgent: "office-sync/4.2",
  ciphers: [0x1302, 0x1303, 0x1301, 0xc02c, 0xc030, 0xc02b, 0xc02f, 0x009f, 0x009e, 0x00ff],
  extensions: [0, 11, 10, 35, 16, 23, 13, 43, 45, 51],
  groups: [0x001d, 0x0017, 0x001e, 0x0019, 0x0018],
  signatures: [0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0809, 0x080a, 0x0804, 0x0805, 0x0806, 0x0401, 0x0501, 0x0601],
  versions: [0x0304, 0x0303],
  greased: false,
  shuffled: false,
};

/** The first browser over QUIC: TLS 1.3 alone, with transport parameters. */
export const quicBrowser: Browser = {
  name: "lighthouse-quic",
  userAgent: "",
  ciphers: modern,
  extensions: [0, 10, 16, 13, 51, 45, 43, 27, 57, 17_513],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: usual,
  versions: [0x0304],
  greased: false,
  shuffled: true,
};

/** What an implant of the beacon actor says: few ciphers, TLS 1.2 only, no ALPN. */
export const implant: Browser = {
  name: "implant",
  userAgent: "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)",
  ciphers: [0xc02c, 0xc02b, 0xc030, 0xc02f, 0x009f, 0x009e, 0x003d, 0x003c, 0x000a],
  extensions: [0, 10, 11, 13, 23, 65_281],
  groups: [0x001d, 0x0017, 0x0018],
  signatures: [0x0804, 0x0401, 0x0403, 0x0201],
  versions: [0x0303],
  greased: false,
  shuffled: false,
};
