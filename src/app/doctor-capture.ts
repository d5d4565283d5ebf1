import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { type CaptureInterface, captureInterfaces, defaultInterface } from "#capture/live/interfaces.ts";
import { openLibpcap } from "#native/libpcap.ts";
import type { Config } from "#schema/config.ts";
import { type Check, messageOf, missing, ok, optional } from "./doctor.ts";
import { chooseUser, firstUnreadable } from "./rights.ts";

const ringBytes = 1 << 20;
/** Interfaces that are listed one by one. */
const interfacesMax = 16;
const sources = join(import.meta.dirname, "live-main.ts");

/** Foreign libraries, the right to capture, the kernel's ring, and whom live capture runs as. */
export async function captureChecks(config: Config): Promise<readonly Check[]> {
  const checks = [await koffiCheck(), await libpcapCheck()];
  if (process.platform !== "linux") {
    checks.push(optional("capture ring", `only Linux has one; ${process.platform} captures with libpcap`, "nothing to do"));
    return checks;
  }
  return [...checks, ...(await socketChecks()), ...userChecks(config["engine.user"])];
}

async function koffiCheck(): Promise<Check> {
  try {
    const { default: koffi } = await import("koffi");
    return ok("koffi", `${koffi.version} (calls of foreign libraries)`);
  } catch (error) {
    return missing("koffi", messageOf(error).split("\n")[0] ?? "", "npm ci (live capture and filters need it; reading files does not)");
  }
}

async function libpcapCheck(): Promise<Check> {
  const mend =
    { linux: "sudo apt-get install libpcap0.8", win32: "install Npcap from npcap.com" }[process.platform as "linux"] ?? "install libpcap";
  try {
    const libpcap = await openLibpcap();
    return libpcap.found ? ok("libpcap", `${libpcap.version} (compiles filters)`) : missing("libpcap", libpcap.cause, mend);
  } catch (error) {
    return missing("libpcap", messageOf(error), mend);
  }
}

async function socketChecks(): Promise<readonly Check[]> {
  const name = "right to capture";
  try {
    const { closeDescriptor } = await import("#native/libc.ts");
    const { openPacketSocket, setReceiveRing } = await import("#native/packet-socket.ts");
    const fd = openPacketSocket();
    try {
      return [ok(name, process.getuid?.() === 0 ? "root" : "CAP_NET_RAW"), ringCheck(() => setReceiveRing(fd, ringBytes, 1, 8))];
    } finally {
      closeDescriptor(fd);
    }
  } catch (error) {
    const mend = "run with sudo, or give CAP_NET_RAW; reading files and `oddwire demo` need no rights";
    return [
      missing(name, messageOf(error), mend),
      optional("capture ring", "not tried without the right to capture", "sudo oddwire doctor"),
    ];
  }
}

function ringCheck(make: () => void): Check {
  try {
    make();
    return ok("capture ring", "TPACKET_V3");
  } catch (error) {
    return missing("capture ring", messageOf(error), "use a kernel with CONFIG_PACKET (3.2 or newer); libpcap is used until then");
  }
}

function userChecks(wanted: string): readonly Check[] {
  const name = "user of live capture";
  if (process.getuid?.() !== 0) return [ok(name, `uid ${process.getuid?.()}: stays who it is`)];
  try {
    const user = chooseUser(wanted === "" ? undefined : wanted);
    const unreadable = firstUnreadable(user, [sources, process.execPath]);
    if (unreadable === undefined) return [ok(name, `${user.name} (uid ${user.uid}), who can read Oddwire's files`)];
    const mend = `chmod -R a+rX ${join(import.meta.dirname, "../..")} and its parents, or choose another user with --set engine.user=NAME`;
    return [missing(name, `${user.name} cannot read ${unreadable}`, mend)];
  } catch (error) {
    return [missing(name, messageOf(error), "choose another user with --set engine.user=NAME")];
  }
}

/** The interface that `oddwire live` takes by itself, and the others. */
export function interfaceChecks(): readonly Check[] {
  const chosen = defaultInterface();
  if (chosen === undefined) return [missing("interface", "there is none", "ip link; name one with -i")];
  const all = captureInterfaces();
  const own = all.find(({ name }) => name === chosen);
  const first =
    own?.state === "down"
      ? missing("interface", `${chosen} is down`, `sudo ip link set ${chosen} up`)
      : ok("interface", own === undefined ? chosen : describe(own));
  const others = all.filter(({ name }) => name !== chosen).slice(0, interfacesMax);
  if (others.length === 0) return [first];
  return [first, ok("other interfaces", others.map(({ name, state }) => (state === "unknown" ? name : `${name} ${state}`)).join(", "))];
}

function describe({ name, state, mtu, addresses }: CaptureInterface): string {
  const parts = [name, ...(state === "unknown" ? [] : [state]), ...(mtu > 0 ? [`MTU ${mtu}`] : []), ...addresses.slice(0, 2)];
  const merges = offloads(name);
  return merges.length === 0
    ? parts.join(", ")
    : `${parts.join(", ")}; merges packets (${merges.join(", ")}): sizes are those of merged ones`;
}

/** Offloads that are on and make captured packets differ from those on the wire. */
function offloads(name: string): readonly string[] {
  try {
    const text = execFileSync("ethtool", ["-k", name], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"], timeout: 2000 });
    const wanted = ["tcp-segmentation-offload", "generic-receive-offload", "large-receive-offload", "rx-gro-hw"];
    return wanted.filter((feature) => new RegExp(`^${feature}: on`, "m").test(text));
  } catch {
    return [];
  }
}
