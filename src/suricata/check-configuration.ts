import { execFile } from "node:child_process";
import { OddwireError } from "#contract/errors.ts";

/** Tens of thousands of rules take half a minute on a slow machine. */
const CHECK_MS = 180_000;
const COMPLAINTS_MAX = 5;

/** What a line of Suricata's complaint calls for. */
const MENDS: readonly (readonly [pattern: RegExp, mend: string])[] = [
  [/error parsing signature|detect-parse|Loading signatures failed/, "mend or disable the rule it names"],
  [/No rule files match|no rules were loaded/i, "name rule files with --rules, or fetch some with `oddwire rules update`"],
  [/permission denied|EACCES|not writable/i, "check the permissions of what it names"],
  [/no such file|ENOENT|doesn't exist/i, "check the path"],
  [/unknown (?:user|group)|uid|gid/i, "choose another user with suricata.user"],
];

/** Lets Suricata check a configuration (`suricata -T`). Throws ODW_SURICATA_CONFIG with its complaint and what to do. */
export async function checkConfiguration(binary: string, configuration: string, logDirectory: string): Promise<void> {
  const { code, text } = await tried(binary, ["-T", "-c", configuration, "-l", logDirectory]);
  if (code === 0) return;
  const complaints = complaintsIn(text);
  const cause = complaints.length > 0 ? complaints.join("; ") : `it ended with ${code} and said nothing`;
  throw new OddwireError("ODW_SURICATA_CONFIG", { cause, mend: mendFor(cause) });
}

/** Lines that Suricata marks as errors, without the mark; its warnings when there are none. */
export function complaintsIn(text: string): readonly string[] {
  const lines = text.split("\n");
  const errors = lines.filter((line) => /^E: |<Error>|\[ERRCODE|Error:/.test(line));
  const told = errors.length > 0 ? errors : lines.filter((line) => /^W: |<Warning>/.test(line));
  return told.map((line) => line.replace(/^[EW]: /, "").trim()).slice(0, COMPLAINTS_MAX);
}

export const mendFor = (cause: string): string =>
  MENDS.find(([pattern]) => pattern.test(cause))?.[1] ?? "see suricata.config and suricata.rules";

function tried(binary: string, values: readonly string[]): Promise<{ readonly code: number | string; readonly text: string }> {
  return new Promise((resolve) => {
    const options = { timeout: CHECK_MS, maxBuffer: 1 << 22, env: { ...process.env, LC_ALL: "C" } };
    execFile(binary, [...values], options, (error, out, err) => {
      const code = error === null ? 0 : ((error as { code?: number | string | null }).code ?? (error.killed === true ? "a time-out" : -1));
      resolve({ code, text: `${out}\n${err}` });
    });
  });
}
