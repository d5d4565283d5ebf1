import type { ByteView } from "#base/bytes.ts";
import { definePlugin, Probe, type ProtocolDefinition, type Side } from "#contract/plugin.ts";
import { nfsKind, rpcKind } from "./facts.ts";
import { RpcParser } from "./parser.ts";
import { CALL_BYTES_MIN, NFS, plausibleCall, program } from "./rpc-message.ts";
import { nfsWords } from "./words.ts";

const MARK_BYTES = 4;

/** A call: some ten bytes of it are fixed. Replies say too little to be recognised by. */
const probeDatagram =
  (nfs: boolean) =>
  (_side: Side, { view, at, end }: ByteView): Probe =>
    end - at >= CALL_BYTES_MIN && plausibleCall(view, at) && (program(view, at) === NFS) === nfs ? Probe.yes : Probe.no;

const probeStream =
  (nfs: boolean) =>
  (_side: Side, { view, at, end }: ByteView): Probe => {
    if (end === at) return Probe.more;
    if (view.getUint8(at) !== 0x80) return Probe.no;
    // Direction and version of a call, as far as they are there.
    for (let i = at + 8; i < Math.min(end, at + 16); i++) if (view.getUint8(i) !== (i === at + 15 ? 2 : 0)) return Probe.no;
    if (end - at < MARK_BYTES + CALL_BYTES_MIN) return Probe.more;
    return (view.getUint32(at) & 0x7fff_ffff) >= CALL_BYTES_MIN && probeDatagram(nfs)(_side, { view, at: at + MARK_BYTES, end } as ByteView)
      ? Probe.yes
      : Probe.no;
  };

const definition = (name: string, transport: "tcp" | "udp", ports: readonly number[]): ProtocolDefinition => ({
  name,
  transports: [transport],
  ports,
  probe: (transport === "tcp" ? probeStream : probeDatagram)(name === "nfs"),
  create: (context) => new RpcParser(context),
});

export default definePlugin({
  name: "nfs",
  summary: "Network file system, version 2 to 4, and other remote procedure calls of Unix.",
  kinds: [nfsKind, rpcKind],
  words: nfsWords,
  protocols: [
    definition("nfs", "tcp", [2049]),
    definition("nfs", "udp", [2049]),
    definition("rpc", "tcp", [111]),
    definition("rpc", "udp", [111]),
  ],
});
