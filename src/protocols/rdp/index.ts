import type { ByteView } from "#base/bytes.ts";
import { definePlugin, Probe, Side } from "#contract/plugin.ts";
import { isNegotiation, NEGOTIATION_BYTES, Negotiation, readCookie, Tpdu } from "./connection.ts";
import { rdpKind } from "./facts.ts";
import { RdpParser } from "./parser.ts";

const CONNECT_BYTES = 11;
/** Longest frame that begins a connection. */
const frameBytesMax = 1024;

/**
 * A connection request with a cookie or a negotiation, or the answer to one. Industrial protocols open with the same
 * frames, but with addresses in them.
 */
function probe(side: Side, input: ByteView, usualPort: boolean): Probe {
  const { bytes, view, at, end } = input;
  if (end === at) return Probe.more;
  if (view.getUint8(at) !== 3 || (end - at >= 2 && view.getUint8(at + 1) !== 0)) return Probe.no;
  if (end - at < 6) return Probe.more;
  const length = view.getUint16(at + 2);
  const type = view.getUint8(at + 5);
  if (type !== (side === Side.toServer ? Tpdu.request : Tpdu.confirm)) return Probe.no;
  if (length < CONNECT_BYTES || length > frameBytesMax || view.getUint8(at + 4) !== length - 5) return Probe.no;
  if (end - at < length) return Probe.more;
  const stop = at + length;
  let i = at + CONNECT_BYTES;
  if (side === Side.toClient)
    return isNegotiation(view, i, stop, Negotiation.response) || isNegotiation(view, i, stop, Negotiation.failure) ? Probe.yes : Probe.no;
  const cookie = readCookie(bytes, i, stop);
  if (cookie?.text.startsWith("Cookie: mst") === true) return Probe.yes;
  i = cookie?.stop ?? i;
  if (isNegotiation(view, i, stop, Negotiation.request) && i + NEGOTIATION_BYTES <= stop) return Probe.yes;
  if (i !== stop) return Probe.no;
  return usualPort ? Probe.yes : Probe.maybe;
}

export default definePlugin({
  name: "rdp",
  summary: "Remote desktop connections: user, client, security agreed on.",
  kinds: [rdpKind],
  protocols: [{ name: "rdp", transports: ["tcp"], ports: [3389], encrypts: true, probe, create: (context) => new RdpParser(context) }],
});
