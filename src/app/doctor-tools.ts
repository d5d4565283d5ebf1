import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { openHyperscan } from "#native/hyperscan.ts";
import { type Check, ok, optional } from "./doctor.ts";

const run = promisify(execFile);
const timeout = 5000;

/** Programs that Oddwire works with when they are there. */
const tools = [
  { name: "suricata", args: ["-V"], use: "its alerts beside Oddwire's events", mend: "sudo apt-get install suricata" },
  { name: "tshark", args: ["--version"], use: "comparison in `npm run bench`", mend: "sudo apt-get install tshark" },
  { name: "tcpdump", args: ["--version"], use: "comparison in `npm run bench`", mend: "sudo apt-get install tcpdump" },
  { name: "nats-server", args: ["--version"], use: "many sensors", mend: "sudo apt-get install nats-server" },
  { name: "clickhouse-server", args: ["--version"], use: "history of a fleet", mend: "see clickhouse.com/docs/install" },
] as const;

/** Which of them are installed, in which version. */
export const toolChecks = (): Promise<readonly Check[]> => Promise.all([...tools.map(toolCheck), hyperscanCheck()]);

async function hyperscanCheck(): Promise<Check> {
  const use = "faster rules";
  const hyperscan = await openHyperscan();
  if (hyperscan.found) return ok("libhyperscan", `${hyperscan.version.split(" ")[0]} (${use})`);
  return optional("libhyperscan", `${hyperscan.cause} (${use})`, "sudo apt-get install libhyperscan5");
}

async function toolCheck({ name, args, use, mend }: (typeof tools)[number]): Promise<Check> {
  try {
    const { stdout, stderr } = await run(name, args, { timeout, env: { ...process.env, LC_ALL: "C" } });
    const version = /\d+(?:\.\d+)+/.exec(`${stdout}\n${stderr}`)?.[0] ?? "installed";
    return ok(name, `${version} (${use})`);
  } catch {
    return optional(name, `not installed (${use})`, mend);
  }
}
