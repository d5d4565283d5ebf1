import type { Check } from "#app/doctor.ts";
import { harmless } from "./table.ts";

const colours = { ok: "32", missing: "31", optional: "33" } as const;

/** What `oddwire doctor` prints: one line for each check, its mend behind it. */
export function doctorText(checks: readonly Check[]): string {
  const width = Math.max(...checks.map(({ name }) => name.length));
  const colour = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
  const lines = checks.map(({ name, state, found, mend }) => {
    const word = state.padEnd(8);
    const shown = colour ? `\u001b[${colours[state]}m${word}\u001b[0m` : word;
    return `${shown}  ${name.padEnd(width)}  ${harmless(found)}${mend === undefined ? "" : `  → ${mend}`}\n`;
  });
  const bad = checks.filter(({ state }) => state === "missing").length;
  return `${lines.join("")}${bad === 0 ? "everything that is promised works here\n" : `${bad} missing\n`}`;
}
