import { definePlugin, type ProtocolDefinition } from "#contract/plugin.ts";
import { openvpnKind } from "./facts.ts";
import { OpenvpnParser, probe } from "./parser.ts";

const over = (transport: "tcp" | "udp"): ProtocolDefinition => ({
  name: "openvpn",
  depth: "header",
  encrypts: true,
  transports: [transport],
  ports: [1194],
  probe: (_side, view) => probe(transport, view),
  create: (context) => new OpenvpnParser(context),
});

export default definePlugin({
  name: "openvpn",
  summary: "OpenVPN: the start of its control channel, and the TLS inside.",
  kinds: [openvpnKind],
  protocols: [over("udp"), over("tcp")],
});
