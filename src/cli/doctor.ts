import type { Command } from "commander";

/** `oddwire doctor` */
export function registerDoctor(root: Command): void {
  root
    .command("doctor")
    .description("what works on this machine, and the command that mends what does not")
    .option("--json", "as JSON")
    .option("--listen <address>", "address and port that the page would have")
    .action(async (flags: { json?: boolean; listen?: string }, command: Command) => {
      const { configOf } = await import("./common.ts");
      const config = await configOf(command, flags.listen === undefined ? [] : [`api.listen=${flags.listen}`]);
      const { examine, worksAtAll } = await import("#app/doctor.ts");
      const checks = await examine(config);
      process.exitCode = worksAtAll(checks) ? 0 : 1;
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify({ ok: worksAtAll(checks), checks }, undefined, 2)}\n`);
        return;
      }
      const { doctorText } = await import("./doctor-text.ts");
      process.stdout.write(doctorText(checks));
    });
}
