import { MICROS_PER_SECOND } from "#base/time.ts";
import type { FlowFact } from "#contract/detector.ts";

const log = (value: number): number => Math.log1p(Math.max(0, value));
const mean = (bytes: number, packets: number): number => (packets === 0 ? 0 : bytes / packets);
const hourUs = 3600 * MICROS_PER_SECOND;

/** A property of a flow as a number of ordinary size, and how people are told it. */
interface Feature {
  readonly name: string;
  readonly of: (fact: FlowFact) => number;
  readonly told: (fact: FlowFact) => number | string;
}

const seconds = (micros: number): string => `${Math.round(micros / 1e4) / 100} s`;

/** What a flow is compared by. Logarithms, since sizes and times of flows span many powers of ten. */
export const flowFeatures: readonly Feature[] = [
  { name: "bytes to the server", of: (f) => log(f.bytesToServer), told: (f) => f.bytesToServer },
  { name: "bytes to the client", of: (f) => log(f.bytesToClient), told: (f) => f.bytesToClient },
  { name: "packets to the server", of: (f) => log(f.packetsToServer), told: (f) => f.packetsToServer },
  { name: "packets to the client", of: (f) => log(f.packetsToClient), told: (f) => f.packetsToClient },
  { name: "duration", of: (f) => log((f.time - f.start) / 1000), told: (f) => seconds(f.time - f.start) },
  {
    name: "mean size to the server",
    of: (f) => mean(f.bytesToServer, f.packetsToServer),
    told: (f) => Math.round(mean(f.bytesToServer, f.packetsToServer)),
  },
  {
    name: "mean size to the client",
    of: (f) => mean(f.bytesToClient, f.packetsToClient),
    told: (f) => Math.round(mean(f.bytesToClient, f.packetsToClient)),
  },
  { name: "spread of sizes to the server", of: (f) => f.sizeDeviationToServer, told: (f) => Math.round(f.sizeDeviationToServer) },
  { name: "spread of sizes to the client", of: (f) => f.sizeDeviationToClient, told: (f) => Math.round(f.sizeDeviationToClient) },
  { name: "pause between packets to the server", of: (f) => log(f.gapMeanToServer), told: (f) => seconds(f.gapMeanToServer) },
  { name: "pause between packets to the client", of: (f) => log(f.gapMeanToClient), told: (f) => seconds(f.gapMeanToClient) },
  { name: "port of the server", of: (f) => log(f.serverPort), told: (f) => f.serverPort },
  { name: "transport", of: (f) => (f.protocol === 6 ? 0 : f.protocol === 17 ? 1 : 2), told: (f) => f.protocol },
  { name: "answered", of: (f) => (f.answered ? 1 : 0), told: (f) => (f.answered ? "yes" : "no") },
  {
    name: "direction",
    of: (f) => (f.clientInside ? 1 : 0) + (f.serverInside ? 2 : 0),
    told: (f) => `${f.clientInside ? "inside" : "outside"} to ${f.serverInside ? "inside" : "outside"}`,
  },
  { name: "hour of the day (UTC)", of: (f) => Math.floor((f.start / hourUs) % 24), told: (f) => Math.floor((f.start / hourUs) % 24) },
];
