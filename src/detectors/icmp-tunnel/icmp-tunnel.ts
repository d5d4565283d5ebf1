import { MICROS_PER_SECOND } from "#base/time.ts";
import type { Detector, Finding, FlowFact, Reason } from "#contract/detector.ts";
import { echoMisfit, type Misfit, type Sizes } from "./echo-sizes.ts";

export interface Limits {
  /** Packets of each side before an echo is judged. */
  readonly packetsMin: number;
  /** Packets of both sides, and seconds, that make irregular echoes of many sizes a tunnel. */
  readonly talkPacketsMin: number;
  readonly talkSeconds: number;
}

const ICMP = 1;
const ICMPV6 = 58;
/** Sizes that spread less than this come of a ping whose size was set once or twice. */
const deviationBytesMin = 16;
/** Deviation of the sizes over their mean that a conversation has. */
const talkSpreadMin = 0.5;

/** Requests and replies of an echo flow, whoever was seen first; undefined for other messages. */
interface Echo {
  readonly requests: Sizes;
  readonly replies: Sizes;
  readonly asker: string;
  readonly answerer: string;
}

/**
 * Data inside pings. A ping is an echo: what comes back is what was sent, in the same size and mostly on a clock. Whoever
 * carries a connection in it sends what there is to send, when it is there. Stateless: each flow is judged by its counts.
 */
export class IcmpTunnel implements Detector {
  readonly #limits: Limits;
  readonly #report: (finding: Finding) => void;

  constructor(limits: Limits, report: (finding: Finding) => void) {
    this.#limits = limits;
    this.#report = report;
  }

  onFlowUpdate(fact: FlowFact): void {
    if (fact.protocol === ICMP || fact.protocol === ICMPV6) this.#judge(fact);
  }

  onFlowEnd(fact: FlowFact): void {
    if (fact.protocol === ICMP || fact.protocol === ICMPV6) this.#judge(fact);
  }

  #judge(fact: FlowFact): void {
    const { packetsMin } = this.#limits;
    const all = fact.packetsToServer + fact.packetsToClient;
    if (all < 2 * packetsMin || fact.serverIsGroup) return;
    const echo = echoOf(fact);
    if (echo === undefined || echo.replies.count < packetsMin) return;
    if (echo.requests.count < packetsMin) {
      this.#judgeUnasked(fact, echo);
      return;
    }
    const misfit = echoMisfit(echo.requests, echo.replies);
    if (misfit !== undefined) this.#tellMisfit(fact, echo, misfit);
    else if (this.#isTalk(fact, echo)) this.#tellTalk(fact, echo);
  }

  /** Many sizes, at irregular times, for minutes: whoever tries sizes does it on a clock or is soon done. */
  #isTalk(fact: FlowFact, { requests, replies }: Echo): boolean {
    const { talkPacketsMin, talkSeconds } = this.#limits;
    return (
      requests.count + replies.count >= talkPacketsMin &&
      fact.time - fact.start >= talkSeconds * MICROS_PER_SECOND &&
      requests.deviation >= talkSpreadMin * requests.mean &&
      replies.deviation >= talkSpreadMin * replies.mean &&
      fact.gapDeviationToServer > fact.gapMeanToServer &&
      fact.gapDeviationToClient > fact.gapMeanToClient
    );
  }

  #tellMisfit(fact: FlowFact, echo: Echo, misfit: Misfit): void {
    const { requests, replies, asker, answerer } = echo;
    const excess = misfit.value / Math.max(1, Math.abs(misfit.threshold));
    this.#tell(fact, echo, {
      title: `${asker} and ${answerer} sent each other ${requests.count} pings and ${replies.count} answers that do not repeat them, as answers to pings must: ${bytes(requests.mean)} against ${bytes(replies.mean)} on average`,
      score: Math.min(0.98, 0.75 + 0.1 * Math.log2(Math.max(1, excess))),
      first: { ...misfit, sample: requests.count + replies.count },
    });
  }

  #tellTalk(fact: FlowFact, echo: Echo): void {
    const { requests, replies, asker, answerer } = echo;
    const seconds = Math.round((fact.time - fact.start) / MICROS_PER_SECOND);
    this.#tell(fact, echo, {
      title: `${asker} and ${answerer} sent each other ${requests.count + replies.count} pings and answers of many sizes at irregular times for ${seconds} s`,
      score: 0.7,
      first: {
        feature: "deviation of sizes over their mean",
        value: Math.min(requests.deviation / requests.mean, replies.deviation / replies.mean),
        threshold: talkSpreadMin,
        sample: requests.count + replies.count,
      },
    });
  }

  /** Replies that nobody asked for, of many sizes: floods of them have one. */
  #judgeUnasked(fact: FlowFact, echo: Echo): void {
    const { replies, requests, answerer, asker } = echo;
    if (requests.count > 0 || replies.count < this.#limits.talkPacketsMin / 2) return;
    if (replies.deviation < Math.max(deviationBytesMin, talkSpreadMin * replies.mean)) return;
    this.#tell(fact, echo, {
      title: `${answerer} sent ${asker} ${replies.count} answers to pings that nobody had sent, of many sizes`,
      score: 0.6,
      first: {
        feature: "deviation of sizes over their mean",
        value: replies.deviation / replies.mean,
        threshold: talkSpreadMin,
        sample: replies.count,
      },
    });
  }

  #tell(fact: FlowFact, echo: Echo, what: { readonly title: string; readonly score: number; readonly first: Reason }): void {
    const { requests, replies } = echo;
    this.#report({
      time: fact.time,
      number: fact.number,
      flowId: fact.flowId,
      source: echo.asker,
      target: echo.answerer,
      title: what.title,
      severity: what.score >= 0.7 ? "high" : "medium",
      score: what.score,
      why: [
        what.first,
        { feature: "mean size of requests, bytes", value: requests.mean, sample: requests.count },
        { feature: "mean size of replies, bytes", value: replies.mean, sample: replies.count },
        { feature: "deviation of sizes of requests, bytes", value: requests.deviation },
        { feature: "deviation of sizes of replies, bytes", value: replies.deviation },
      ],
    });
  }
}

/** Echo requests are type 8, replies 0; in ICMPv6 128 and 129. */
function echoOf(fact: FlowFact): Echo | undefined {
  const [request, reply] = fact.protocol === ICMP ? [8, 0] : [128, 129];
  if (fact.clientPort !== request && fact.clientPort !== reply) return undefined;
  const toServer = {
    count: fact.packetsToServer,
    mean: fact.bytesToServer / Math.max(1, fact.packetsToServer),
    deviation: fact.sizeDeviationToServer,
  };
  const toClient = {
    count: fact.packetsToClient,
    mean: fact.bytesToClient / Math.max(1, fact.packetsToClient),
    deviation: fact.sizeDeviationToClient,
  };
  return fact.clientPort === request
    ? { requests: toServer, replies: toClient, asker: fact.client, answerer: fact.server }
    : { requests: toClient, replies: toServer, asker: fact.server, answerer: fact.client };
}

const bytes = (mean: number): string => `${Math.round(mean)} bytes`;
