/**
 * What `npm start` starts: `live` on the default interface where the rights are there, otherwise `demo`. The command is
 * written to standard output, one line with the reason and the other way to standard error.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chooseUser, firstUnreadable } from "#app/rights.ts";
import { defaultInterface } from "#capture/live/interfaces.ts";
import { openLibpcap } from "#native/libpcap.ts";

const say = (text: string): void => void process.stderr.write(`oddwire: ${text}\n`);

/** linux/capability.h: CAP_NET_RAW */
const NET_RAW = 13;

/** Why there can be no live capture, or `undefined` when there can. */
function obstacle(name: string | undefined): string | undefined {
  if (name === undefined) return "there is no network interface";
  const root = process.getuid?.() === 0;
  if (process.platform !== "linux") return root ? undefined : "no right to capture";
  const held = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  if (((held >> BigInt(NET_RAW)) & 1n) === 0n) return "no right to capture";
  const user = chooseUser(undefined);
  const engine = join(import.meta.dirname, "../src/app/live-main.ts");
  if (root && firstUnreadable(user, [engine]) !== undefined)
    return `capture runs as ${user.name}, who may not read ${join(import.meta.dirname, "..")}`;
  return undefined;
}

const libpcap = await openLibpcap();
if (!libpcap.found) say("libpcap is missing: no filters, everything else works (to install it: apt-get install libpcap0.8)");
const name = defaultInterface();
const reason = obstacle(name);
if (reason === undefined) say(`live on ${name} (the demo instead: bin/oddwire demo)`);
else say(`${reason}, so this is the demo (live instead: sudo bin/oddwire live -i ${name ?? "INTERFACE"})`);
process.stdout.write(reason === undefined ? "live\n" : "demo\n");
