import type { Platform } from "#contract/platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { type Ja3, ja3, ja3s } from "./ja3.ts";
import { type Ja4Transport, ja4 } from "./ja4.ts";
import { NumberCache } from "./number-cache.ts";
import type { ServerHello } from "./server-hello.ts";

export interface Fingerprints {
  readonly ja3: Ja3;
  readonly ja4: string;
}

/** Most hellos have a fingerprint that was met before; the flows of a thread take turns with what is remembered. */
const ofClients = new NumberCache<Fingerprints>();
const ofServers = new NumberCache<Ja3>();

/** Both fingerprints of a client's hello, shared: nobody changes them. */
export function clientFingerprints(hello: ClientHello, transport: Ja4Transport, platform: Platform): Fingerprints {
  const [protocol] = hello.alpns;
  // All that goes into one of the two; of the first protocol's name, JA4 has the ends.
  ofClients.begin((hello.legacyVersion << 8) | transport.charCodeAt(0));
  ofClients.number(
    protocol === undefined || protocol === "" ? -1 : (protocol.charCodeAt(0) << 8) | protocol.charCodeAt(protocol.length - 1),
  );
  ofClients.list(hello.ciphers);
  ofClients.list(hello.extensions);
  ofClients.list(hello.groups);
  ofClients.list(hello.pointFormats);
  ofClients.list(hello.signatureAlgorithms);
  ofClients.list(hello.versions);
  return ofClients.value(() => ({ ja3: ja3(hello, platform), ja4: ja4(hello, transport, platform) }));
}

/** JA3S of a server's hello, shared. */
export function serverFingerprint(hello: ServerHello, platform: Platform): Ja3 {
  ofServers.begin(hello.legacyVersion);
  ofServers.number(hello.cipher);
  ofServers.list(hello.extensions);
  return ofServers.value(() => ja3s(hello, platform));
}
