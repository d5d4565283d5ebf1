import { runOpened } from "#app/opener.ts";

/** What `oddwire live` is to the engine: INTERFACE WORKERS USER, then the engine's arguments. */
const [name = "", workers = "1", user = "", ...rest] = process.argv.slice(2);
try {
  process.exitCode = await runOpened(new URL("./engine.ts", import.meta.url).pathname, rest, {
    interfaces: [name],
    workers: Number(workers),
    user,
  });
} catch (error) {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
}
