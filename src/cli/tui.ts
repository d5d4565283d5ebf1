import type { Command } from "commander";

interface TuiFlags {
  readonly url?: string;
  readonly token?: string;
}

/** `oddwire tui` */
export function registerTui(root: Command): void {
  root
    .command("tui")
    .description("the terminal page of a running `oddwire live`, `demo`, `replay` or `serve`")
    .option("--url <address>", "where its page is; by default where the configuration says (http://127.0.0.1:8080)")
    .option("--token <token>", "token for a server that wants one (or ODDWIRE_TOKEN)")
    .action(async (flags: TuiFlags, command: Command) => {
      const { OddwireError } = await import("#app/errors.ts");
      const { hasTerminal, runTui } = await import("#tui/main.ts");
      if (!hasTerminal()) throw new OddwireError("ODW_USAGE", { cause: "the terminal page needs a terminal to draw on" });
      const { configOf } = await import("./common.ts");
      const { pageUrl } = await import("#app/page-url.ts");
      const url = flags.url ?? pageUrl(await configOf(command, []));
      if (!/^https?:\/\//.test(url) || !URL.canParse(url))
        throw new OddwireError("ODW_USAGE", { cause: `${url} is no http:// address; say --url http://ADDRESS:PORT` });
      const token = flags.token ?? process.env["ODDWIRE_TOKEN"];
      process.exitCode = await runTui({ url, token, withColour: (process.env["NO_COLOR"] ?? "") === "" });
    });
}
