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

/** Why there can be no live capture and what mends it, or `undefined` when there can. */
function obstacle(name: string | undefined): readonly [reason: string, mend: string] | undefined {
  if (name === undefined) return ["there is no network interface", "bin/oddwire live -i NAME, when there is one"];
  const rights = ["no right to capture", `sudo bin/oddwire live -i ${name}`] as const;
  const root = process.getuid?.() === 0;
  if (process.platform !== "linux") return root ? undefined : rights;
  const held = BigInt(`0x${/^CapEff:\s*(\w+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0"}`);
  if (((held >> BigInt(NET_RAW)) & 1n) === 0n) return rights;
  const user = chooseUser(undefined);
  const home = join(import.meta.dirname, "..");
  if (!root || firstUnreadable(user, [join(home, "src/app/live-main.ts")]) === undefined) return undefined;
  return [`capture would run as ${user.name}, who may not read ${home}`, "move it where everybody may read"];
}

const libpcap = await openLibpcap();
if (!libpcap.found) say("libpcap is missing: no filters, everything else works (to install it: apt-get install libpcap0.8)");
const name = defaultInterface();
const found = obstacle(name);
if (found === undefined) say(`live on ${name} (the demo instead: bin/oddwire demo)`);
else say(`${found[0]}, so this is the demo (live instead: ${found[1]})`);
process.stdout.write(found === undefined ? "live\n" : "demo\n");
