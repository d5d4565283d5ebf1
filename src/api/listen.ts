import { chmod, lstat, unlink } from "node:fs/promises";
import { connect } from "node:net";
import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import { addressUrl, parseListen } from "./listen-address.ts";

/** Rights of a Unix socket: its owner and group. */
const SOCKET_MODE = 0o660;

/** Listens at the address of the configuration and gives it as a person would type it. Closes the app when it cannot. */
export async function listen(app: FastifyInstance, text: string): Promise<string> {
  const address = parseListen(text);
  try {
    if (address.type === "port") await app.listen({ host: address.host, port: address.port });
    else {
      await removeAbandoned(address.path);
      await app.listen({ path: address.path });
      await chmod(address.path, SOCKET_MODE);
    }
  } catch (error) {
    await app.close();
    throw new OddwireError("ODW_PORT_TAKEN", { address: text, cause: causeOf(error) }, { cause: error });
  }
  const bound = app.server.address();
  return addressUrl(address, typeof bound === "object" && bound !== null ? bound.port : undefined);
}

/** A socket that a killed program has left behind: nobody listens. Anything else at the path is left alone. */
async function removeAbandoned(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined);
  if (found?.isSocket() !== true) return;
  const answered = await new Promise<boolean>((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on("error", () => resolve(false));
  });
  if (!answered) await unlink(path);
}

function causeOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "EADDRINUSE") return "another program listens there";
  if (code === "EACCES") return "no right to listen there";
  if (code === "EADDRNOTAVAIL") return "the address is not this machine's";
  return error instanceof Error ? error.message : String(error);
}
