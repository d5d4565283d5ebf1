import type { Layer } from "#engine/rules/signature.ts";
import { fitsLayer } from "./ends.ts";
import type { Rule } from "./rule.ts";

const layers: readonly Layer[] = [
  "pkthdr",
  "ip",
  "ipv4",
  "ipv6",
  "tcp",
  "tcp-pkt",
  "tcp-stream",
  "udp",
  "icmp",
  "icmpv4",
  "icmpv6",
  "sctp",
];
const protocolsMax = 256;

/** Places in the first of a rule's two words: two bits of sides, four of the layer, one for `<>`. */
const LAYER = 2;
const BOTH = 1 << 6;
const NO_PORT = -1;

/**
 * What headers of rules ask for and needs no look at a rule: most rules whose literal was found are about another port,
 * and those of 30,000 lie far apart in memory. What fits here may still not fit `fitsHeader`.
 */
export class RuleHeads {
  /** For each rule its side, layer and whether it goes both ways; then the one target port that it is about. */
  readonly #words: Int32Array;
  /** By version and protocol: the layers that such a packet has, as bits. */
  readonly #layers = Int32Array.from({ length: 8 * protocolsMax }, (_, key) =>
    layersOf(Math.floor(key / protocolsMax), key % protocolsMax),
  );

  constructor(rules: readonly Rule[]) {
    this.#words = new Int32Array(2 * rules.length);
    for (const { number, sides, signature } of rules) {
      const { layer, both, targetPorts } = signature.header;
      this.#words[2 * number] = sides | (layers.indexOf(layer) << LAYER) | (both ? BOTH : 0);
      this.#words[2 * number + 1] = targetPorts.only ?? NO_PORT;
    }
  }

  /** Layers of a packet, for `fits`. */
  layersOf(version: number, protocol: number): number {
    return this.#layers[version * protocolsMax + protocol] as number;
  }

  /** False when rule `number` is not about what `side` sends over these layers to this port. */
  fits(number: number, side: number, layerBits: number, sourcePort: number, targetPort: number): boolean {
    const word = this.#words[2 * number] as number;
    if ((word & (1 << side)) === 0 || ((layerBits >>> ((word >>> LAYER) & 15)) & 1) === 0) return false;
    const port = this.#words[2 * number + 1] as number;
    return port === NO_PORT || port === targetPort || (port === sourcePort && (word & BOTH) !== 0);
  }
}

function layersOf(version: number, protocol: number): number {
  let bits = 0;
  for (const [place, layer] of layers.entries()) if (fitsLayer(layer, version, protocol)) bits |= 1 << place;
  return bits;
}
