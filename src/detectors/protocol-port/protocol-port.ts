import type { Detector, Finding, FlowFact } from "#contract/detector.ts";
import { contradiction } from "./payload.ts";
import { isAtHome, missedHomes, otherOwner, TCP, UDP } from "./ports.ts";

/** Ports that most firewalls let through: another protocol there may be hiding, and is rated one step higher. */
const hidingPorts: readonly number[] = [53, 80, 123, 443];

/** What a flow is called whose protocol was not found. */
const unknown = "failed";

/**
 * Protocols where they do not belong. What a flow speaks was found in its bytes, so nothing has to be learnt. It is told
 * of the port that speaks, not of each flow: the finding desk gathers them by cause. Keeps nothing.
 */
export class ProtocolPort implements Detector {
  readonly #ignored: ReadonlySet<string>;
  readonly #report: (finding: Finding) => void;

  /** `ignored`: what is known to be so, as `ssh/8022` or `unknown/443`. */
  constructor(ignored: readonly string[], report: (finding: Finding) => void) {
    this.#ignored = new Set(ignored);
    this.#report = report;
  }

  /** Long flows need not end to be told. */
  onFlowUpdate(fact: FlowFact): void {
    if (Math.max(fact.packetsToServer, fact.packetsToClient) === 64) this.#judge(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    this.#judge(fact);
  }

  #judge(fact: FlowFact): void {
    const { protocol, serverPort } = fact;
    if (!fact.established || (protocol !== TCP && protocol !== UDP)) return;
    const { service } = fact;
    if (service === undefined) return;
    if (service === unknown) {
      this.#judgeUnknown(fact);
      return;
    }
    const owner = otherOwner(protocol, serverPort, service);
    const homes = owner === undefined ? missedHomes(serverPort, service) : undefined;
    if (owner === undefined && homes === undefined) return;
    // A flow whose beginning is missing may stand the wrong way round.
    if (isAtHome(protocol, fact.clientPort, service) || fact.serverIsGroup) return;
    if (this.#ignored.has(`${service}/${serverPort}`)) return;
    this.#tell(fact, service, owner, homes ?? []);
  }

  /** What was not recognised is told where its first bytes cannot be those of the port's owner. */
  #judgeUnknown(fact: FlowFact): void {
    const { client, server, serverPort, protocol } = fact;
    const owner = otherOwner(protocol, serverPort, unknown);
    if (owner === undefined || fact.serverIsGroup || this.#ignored.has(`unknown/${serverPort}`)) return;
    const found = contradiction(fact, owner);
    if (found === undefined) return;
    const transport = protocol === TCP ? "TCP" : "UDP";
    const hides = hidingPorts.includes(serverPort);
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: client,
      target: server,
      cause: `${server}:${serverPort}/${transport}/unknown`,
      title: `${server} and ${client} exchange ${found} on ${transport} port ${serverPort}; the port of ${owner}`,
      severity: hides ? "medium" : "low",
      score: hides ? 0.5 : 0.4,
      confidence: 0.8,
      why: [
        { feature: "share of text in the client's first bytes", value: fact.payloadTextToServer, sample: fact.payloadToServer },
        { feature: "share of text in the server's first bytes", value: fact.payloadTextToClient, sample: fact.payloadToClient },
        { feature: "entropy of the client's first bytes, bits of 8", value: fact.payloadBitsToServer, sample: fact.payloadToServer },
        { feature: "protocol that the port belongs to", value: owner },
      ],
    });
  }

  #tell(fact: FlowFact, service: string, owner: string | undefined, homes: readonly number[]): void {
    const { client, server, serverPort, protocol } = fact;
    const transport = protocol === TCP ? "TCP" : "UDP";
    const hides = owner !== undefined && hidingPorts.includes(serverPort);
    const usual = owner === undefined ? `its usual ports are ${homes.join(", ")}` : `the port of ${owner}`;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: client,
      target: server,
      cause: `${server}:${serverPort}/${transport}/${service}`,
      title: `${server} speaks ${service} with ${client} on ${transport} port ${serverPort}; ${usual}`,
      severity: hides ? "medium" : "low",
      score: hides ? 0.6 : 0.4,
      confidence: 0.9,
      why: [
        { feature: "protocol found in the bytes", value: service, sample: fact.packetsToServer + fact.packetsToClient },
        owner === undefined
          ? { feature: "usual ports of the protocol", value: homes.join(", ") }
          : { feature: "protocol that the port belongs to", value: owner },
        { feature: "server port", value: serverPort },
      ],
    });
  }
}
