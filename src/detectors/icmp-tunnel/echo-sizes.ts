/** Sizes of the packets of one side: enough to tell whether another side can be part of them. */
export interface Sizes {
  readonly count: number;
  /** Mean and population standard deviation, bytes on the wire. */
  readonly mean: number;
  readonly deviation: number;
}

/** Short frames are filled up to 60 bytes on their way in, not on their way out; a VLAN tag may be seen on one side only. */
const paddingBytes = 18;
/** Replies whose requests were before the capture or the flow began, and the other way round. */
const edgePackets = 2;
const frameBytesMin = 28;

/** How far the replies are from what an echo can be. */
export interface Misfit {
  readonly feature: string;
  readonly value: number;
  readonly threshold: number;
}

/**
 * An echo reply repeats its request byte by byte (RFC 792, RFC 4443 section 4.2), so the sizes of the replies are those of
 * the requests, less what was lost. From counts, sums and sums of squares alone follows what no loss can explain: replies
 * that hold more than the requests, or lost requests that would have to be smaller or larger than a packet can be, or
 * whose sizes would have a negative variance.
 */
export function echoMisfit(requests: Sizes, replies: Sizes): Misfit | undefined {
  const lost = requests.count - replies.count;
  const pairs = Math.min(requests.count, replies.count);
  const largest = Math.max(largestOf(requests), largestOf(replies));
  const mean = (sum(requests) + sum(replies)) / (requests.count + replies.count);
  const slack = paddingBytes * pairs + edgePackets * mean;
  const missing = sum(requests) - sum(replies);
  if (missing < -slack && lost >= -edgePackets)
    return { feature: "bytes of replies beyond those of the requests", value: -missing, threshold: slack };
  if (missing > Math.max(0, lost + edgePackets) * largest + slack)
    return {
      feature: "bytes of requests that no loss explains",
      value: missing,
      threshold: Math.max(0, lost + edgePackets) * largest + slack,
    };
  if (missing < Math.max(0, lost - edgePackets) * frameBytesMin - slack)
    return { feature: "bytes of lost requests, too few for their number", value: missing, threshold: lost * frameBytesMin - slack };
  return squaresMisfit(requests, replies, lost);
}

/** The same for the sums of squares: what is missing is a sum of squares too. */
function squaresMisfit(requests: Sizes, replies: Sizes, lost: number): Misfit | undefined {
  // A frame filled up from a to b bytes adds b² − a² = (b − a)(a + b).
  const pairs = Math.min(requests.count, replies.count);
  const slack = paddingBytes * pairs * (requests.mean + replies.mean) + edgePackets * Math.max(square(requests), square(replies));
  const missing = requests.count * square(requests) - replies.count * square(replies);
  if (missing >= -slack || lost < -edgePackets) return undefined;
  return { feature: "sizes of replies that the requests do not explain, bytes²", value: -missing, threshold: slack };
}

const sum = ({ count, mean }: Sizes): number => count * mean;
const square = ({ mean, deviation }: Sizes): number => mean * mean + deviation * deviation;
const largestOf = ({ mean, deviation }: Sizes): number => Math.max(1518, mean + 4 * deviation);
