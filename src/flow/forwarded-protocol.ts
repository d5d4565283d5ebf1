import type { ForwardClaim } from "#contract/forward.ts";
import { Probe, type ProtocolDefinition } from "#contract/parser.ts";

/** A protocol whose flows are read elsewhere: known by its ports, and handed on byte for byte. */
export const forwardedProtocol = ({ name, transports, ports }: ForwardClaim): ProtocolDefinition => ({
  name,
  transports,
  ports,
  portsOnly: true,
  probe: (_side, _view, usualPort) => (usualPort ? Probe.yes : Probe.no),
  create: (context) => ({
    data(side, view) {
      context.forward(side, "data", view.bytes, view.at, view.end);
      return view.length;
    },
    gap(side, bytes) {
      context.forward(side, "gap", view0, 0, bytes);
      return true;
    },
    end: () => undefined,
  }),
});

const view0 = new Uint8Array(0);
