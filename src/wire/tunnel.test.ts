import { expect, test } from "vitest";
import { packTunnel, TunnelKind, tunnelId, tunnelKind, tunnelName } from "./tunnel.ts";

test("kind and id come back from the packed word", () => {
  for (const kind of Object.values(TunnelKind)) {
    const packed = packTunnel(kind, 0xffabcdef);
    expect([tunnelKind(packed), tunnelId(packed)]).toEqual([kind, 0xabcdef]);
    expect(tunnelName(packed) !== "").toBe(kind !== TunnelKind.none);
  }
});

test("names", () => expect([tunnelName(0), tunnelName(packTunnel(TunnelKind.gtp, 1)), tunnelName(-1)]).toEqual(["", "gtp", ""]));
