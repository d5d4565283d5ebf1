import { type Detector, type Finding, type FlowFact, placeOf } from "#contract/detector.ts";

/** Protocols that carry others out of sight, by their names here, and what people call them. */
const vpns: Readonly<Record<string, string>> = {
  openvpn: "OpenVPN",
  wireguard: "WireGuard",
  ike: "IPsec (IKE)",
  l2tp: "L2TP",
  pptp: "PPTP",
  "cloudflare-warp": "Cloudflare WARP",
  tailscale: "Tailscale",
};

/** Machines inside that are connected to a VPN outside: what goes through it is not seen here. */
export class Tunnels implements Detector {
  readonly #report: (finding: Finding) => void;

  constructor(report: (finding: Finding) => void) {
    this.#report = report;
  }

  onFlowEnd(fact: FlowFact): void {
    const name = vpns[fact.service ?? ""];
    if (name === undefined || !fact.answered || !fact.clientInside || fact.serverInside) return;
    const packets = fact.packetsToServer + fact.packetsToClient;
    this.#report({
      ...placeOf(fact),
      title: `${fact.client} is connected to a VPN outside: ${name} to ${fact.server}, ${packets} packets`,
      severity: "info",
      score: 0.3,
      why: [
        { feature: "protocol", value: fact.service ?? "" },
        { feature: "packets", value: packets },
        { feature: "bytes", value: fact.bytesToServer + fact.bytesToClient },
      ],
    });
  }
}
