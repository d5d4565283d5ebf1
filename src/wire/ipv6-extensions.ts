import { IpProtocol } from "./protocol.ts";
import { Verdict } from "./verdict.ts";

/**
 * The chain of IPv6 extension headers (RFC 8200 4, RFC 4302, RFC 6275, RFC 7401, RFC 5533). The walk stops in front of
 * the transport header, of ESP, behind a later fragment's header, at `no next header`, and where the chain breaks.
 */

/** Extension headers in one packet that are read. */
export const extensionHeadersMax = 16;

/** Where a walk ended; one is reused for all packets. */
export class ExtensionWalk {
  /** Protocol number of what stands at `at`. */
  protocol = 0;
  at = 0;
  /** Offset of the fragment header, or -1. */
  fragmentAt = -1;
  /** What broke the chain; else a broken option; else the first lesser breach. */
  verdict: Verdict = Verdict.ok;
  /** True when the chain broke, or is cut: there is nothing to read at `at`. */
  stopped = false;
}

export const isExtension = (protocol: number): boolean =>
  protocol === IpProtocol.hopByHop ||
  protocol === IpProtocol.routing ||
  protocol === IpProtocol.fragment ||
  protocol === IpProtocol.destination ||
  protocol === IpProtocol.ah ||
  protocol === IpProtocol.mobility ||
  protocol === IpProtocol.hip ||
  protocol === IpProtocol.shim6;

/** Follows the chain from the header of kind `first` at `from`. */
export function walkExtensions(view: DataView, first: number, from: number, end: number, walk: ExtensionWalk): void {
  walk.protocol = first;
  walk.at = from;
  walk.fragmentAt = -1;
  walk.verdict = Verdict.ok;
  walk.stopped = false;
  let seen = 0;
  for (let count = 0; isExtension(walk.protocol); count++) {
    const protocol = walk.protocol;
    const breach = count === extensionHeadersMax ? Verdict.ipv6TooManyExtensions : step(view, end, walk, seen);
    if (breach !== Verdict.ok) {
      walk.verdict = breach;
      walk.stopped = true;
      return;
    }
    seen = note(seen, protocol);
    if (protocol === IpProtocol.fragment && fragmentOffset(view, walk.at - 8) !== 0) return;
  }
}

/** Steps over one header. Answers the broken rule that ends the walk; lesser ones go into `walk.verdict`. */
function step(view: DataView, end: number, walk: ExtensionWalk, seen: number): Verdict {
  const { at, protocol } = walk;
  const bytes = end - at < 8 ? 0 : extensionBytes(view, at, protocol);
  if (bytes === 0 || bytes > end - at) return Verdict.ipv6ExtensionTruncated;
  const verdict = checkExtension(view, at, at + bytes, protocol, seen);
  // Broken options leave the header's own length intact, so that the walk goes on.
  if (walk.verdict === Verdict.ok || verdict === Verdict.ipv6InvalidOptionLength) walk.verdict = verdict;
  if (protocol === IpProtocol.fragment && walk.fragmentAt < 0) walk.fragmentAt = at;
  walk.protocol = view.getUint8(at);
  walk.at = at + bytes;
  return Verdict.ok;
}

/** Bytes of the extension header of kind `protocol` at `at`, of which eight are present. */
export function extensionBytes(view: DataView, at: number, protocol: number): number {
  if (protocol === IpProtocol.fragment) return 8;
  const length = view.getUint8(at + 1);
  return protocol === IpProtocol.ah ? (length + 2) * 4 : (length + 1) * 8;
}

/** Where the fragment's data belongs, bytes; `at` is the fragment header. */
export const fragmentOffset = (view: DataView, at: number): number => view.getUint16(at + 2) & 0xfff8;
export const moreFragments = (view: DataView, at: number): boolean => (view.getUint8(at + 3) & 1) !== 0;
export const fragmentId = (view: DataView, at: number): number => view.getInt32(at + 4);

// Kinds that may come once; destination options may come twice.
const SEEN_HOP = 1;
const SEEN_ROUTING = 2;
const SEEN_FRAGMENT = 4;
const SEEN_AH = 8;
const SEEN_DESTINATION = 16;
const SEEN_DESTINATION_TWICE = 32;

function note(seen: number, protocol: number): number {
  switch (protocol) {
    case IpProtocol.hopByHop:
      return seen | SEEN_HOP;
    case IpProtocol.routing:
      return seen | SEEN_ROUTING;
    case IpProtocol.fragment:
      return seen | SEEN_FRAGMENT;
    case IpProtocol.ah:
      return seen | SEEN_AH;
    case IpProtocol.destination:
      return seen | ((seen & SEEN_DESTINATION) !== 0 ? SEEN_DESTINATION_TWICE : SEEN_DESTINATION);
    default:
      return seen;
  }
}

function checkExtension(view: DataView, at: number, end: number, protocol: number, seen: number): Verdict {
  switch (protocol) {
    case IpProtocol.hopByHop:
      return (seen & SEEN_HOP) !== 0 ? Verdict.ipv6DuplicateHopByHop : checkOptions(view, at + 2, end, true);
    case IpProtocol.destination:
      return (seen & SEEN_DESTINATION_TWICE) !== 0 ? Verdict.ipv6DuplicateDestination : checkOptions(view, at + 2, end, false);
    case IpProtocol.routing:
      if ((seen & SEEN_ROUTING) !== 0) return Verdict.ipv6DuplicateRouting;
      return view.getUint8(at + 2) === 0 ? Verdict.ipv6RoutingType0 : Verdict.ok;
    case IpProtocol.fragment:
      return (seen & SEEN_FRAGMENT) !== 0 ? Verdict.ipv6DuplicateFragment : checkFragment(view, at);
    case IpProtocol.ah:
      if ((seen & SEEN_AH) !== 0) return Verdict.ipv6DuplicateAuthentication;
      return view.getUint16(at + 2) !== 0 ? Verdict.ipv6AuthenticationReserved : Verdict.ok;
    default:
      return Verdict.ok;
  }
}

function checkFragment(view: DataView, at: number): Verdict {
  if (view.getUint8(at + 1) !== 0 || (view.getUint8(at + 3) & 6) !== 0) return Verdict.ipv6FragmentReserved;
  return fragmentOffset(view, at) === 0 && !moreFragments(view, at) ? Verdict.ipv6UselessFragment : Verdict.ok;
}

const OPTION_PAD1 = 0;
const OPTION_PADN = 1;
const OPTION_ROUTER_ALERT = 5;
const OPTION_JUMBO = 0xc2;
const OPTION_HOME_ADDRESS = 0xc9;

/** Judges the options in `[from, to)` of a hop-by-hop or destination options header. */
function checkOptions(view: DataView, from: number, to: number, hopByHop: boolean): Verdict {
  let onlyPadding = true;
  let worst: Verdict = Verdict.ok;
  for (let at = from; at < to; ) {
    const type = view.getUint8(at);
    if (type === OPTION_PAD1) {
      at++;
      continue;
    }
    if (at + 1 >= to) return Verdict.ipv6InvalidOptionLength;
    const length = view.getUint8(at + 1);
    if (at + 2 + length > to) return Verdict.ipv6InvalidOptionLength;
    if (type !== OPTION_PADN) {
      onlyPadding = false;
      if (!optionFits(type, length)) return Verdict.ipv6InvalidOptionLength;
      if (!isKnownOption(type)) worst = hopByHop ? Verdict.ipv6HopByHopUnknownOption : Verdict.ipv6DestinationUnknownOption;
    }
    at += 2 + length;
  }
  if (!onlyPadding) return worst;
  return hopByHop ? Verdict.ipv6HopByHopOnlyPadding : Verdict.ipv6DestinationOnlyPadding;
}

function optionFits(type: number, length: number): boolean {
  if (type === OPTION_ROUTER_ALERT) return length === 2;
  if (type === OPTION_JUMBO) return length === 4;
  return type !== OPTION_HOME_ADDRESS || length === 16;
}

/** Options of the IANA registry: tunnel limit, router alert, CALIPSO, SMF, RPL, MPL, ILNP, jumbo, home address, IOAM … */
function isKnownOption(type: number): boolean {
  switch (type) {
    case 0x04:
    case 0x05:
    case 0x07:
    case 0x08:
    case 0x0f:
    case 0x11:
    case 0x12:
    case 0x13:
    case 0x23:
    case 0x26:
    case 0x30:
    case 0x31:
    case 0x63:
    case 0x6d:
    case 0x8b:
    case 0x8c:
    case 0xc2:
    case 0xc9:
      return true;
    default:
      return false;
  }
}
