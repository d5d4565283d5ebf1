import { execFileSync } from "node:child_process";
import { inNetworkNamespace } from "#native/network-namespace.ts";
import { interfaceFacts, openPacketSocket } from "#native/packet-socket.ts";

let pairs = 0;

/** Why live tests cannot run here, or `undefined`. */
export function whyNotLive(): string | undefined {
  if (process.platform !== "linux") return "not Linux";
  if (process.getuid?.() !== 0) return "not root";
  for (const tool of [
    ["ip", "-V"],
    ["ethtool", "--version"],
  ] as const) {
    try {
      execFileSync(tool[0], [tool[1]], { stdio: "ignore" });
    } catch {
      return `no ${tool[0]}`;
    }
  }
  return undefined;
}

/** Runs a program and returns what it prints. */
export const run = (program: string, ...values: readonly string[]): string => execFileSync(program, values, { encoding: "utf8" });

/** Two network namespaces joined by a cable of their own. Nothing else sends on it. */
export class VethPair {
  readonly near: string;
  readonly far: string;
  /** Interface in `near`. */
  readonly nearInterface = "odw0";
  /** Interface in `far`. */
  readonly farInterface = "odw1";

  constructor() {
    pairs += 1;
    this.near = `odw-${process.pid}-${pairs}-near`;
    this.far = `odw-${process.pid}-${pairs}-far`;
    try {
      for (const name of [this.near, this.far]) {
        run("ip", "netns", "add", name);
        // Neighbour discovery would send frames that nobody asked for.
        this.exec(name, "sh", "-c", "for i in all default; do echo 1 > /proc/sys/net/ipv6/conf/$i/disable_ipv6; done");
        this.exec(name, "ip", "link", "set", "lo", "up");
      }
      this.connect();
    } catch (error) {
      this[Symbol.dispose]();
      throw error;
    }
  }

  /** Makes the cable; again after `disconnect`. */
  connect(): void {
    run("ip", "link", "add", this.nearInterface, "netns", this.near, "type", "veth", "peer", "name", this.farInterface, "netns", this.far);
    for (const [name, device] of [
      [this.near, this.nearInterface],
      [this.far, this.farInterface],
    ] as const) {
      this.exec(name, "ethtool", "-K", device, "tx", "off", "rx", "off", "gso", "off", "tso", "off", "gro", "off");
      this.exec(name, "ip", "link", "set", device, "up");
    }
  }

  /** Takes the cable and both interfaces away. */
  disconnect(): void {
    this.exec(this.near, "ip", "link", "del", this.nearInterface);
  }

  exec(namespace: string, program: string, ...values: readonly string[]): string {
    return run("ip", "netns", "exec", namespace, program, ...values);
  }

  /** A packet socket that was opened in the namespace. */
  socket(namespace: string): number {
    return inNetworkNamespace(`/run/netns/${namespace}`, openPacketSocket);
  }

  /** The kernel's number of an interface. */
  number(namespace: string, device: string): number {
    return inNetworkNamespace(`/run/netns/${namespace}`, () => {
      const facts = interfaceFacts(openPacketSocket(), device);
      if (facts === undefined) throw new Error(`no ${device} in ${namespace}`);
      return facts.index;
    });
  }

  [Symbol.dispose](): void {
    for (const name of [this.near, this.far]) {
      try {
        run("ip", "netns", "del", name);
      } catch {
        // It was never made.
      }
    }
  }
}
