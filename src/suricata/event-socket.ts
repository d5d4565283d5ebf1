import { lstatSync, rmSync } from "node:fs";
import { createServer, type Server, type Socket } from "node:net";
import { OddwireError } from "#contract/errors.ts";
import { LineFeed } from "./line-feed.ts";

/** Programs that may be connected at once; a Suricata is one, and one more while it is started anew. */
const CONNECTIONS_MAX = 8;

/**
 * The Unix socket that Suricata connects to (`filetype: unix_stream` of eve-log). A reader that is slow stops reading, so
 * that Suricata, not this program, drops and counts. Node has no datagram sockets of this family: `unix_dgram` cannot be
 * read.
 */
export class EventSocket {
  readonly path: string;
  connections = 0;
  tooLong = 0;
  readonly #onLine: (line: string) => void | Promise<void>;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  constructor(path: string, onLine: (line: string) => void | Promise<void>) {
    this.path = path;
    this.#onLine = onLine;
  }

  get open(): boolean {
    return this.#sockets.size > 0;
  }

  /** Listens. Throws ODW_FEED_UNREADABLE when the address cannot be had; a socket that nobody listens on is replaced. */
  async start(): Promise<void> {
    removeStale(this.path);
    const server = createServer((socket) => this.#accept(socket));
    server.maxConnections = CONNECTIONS_MAX;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once("error", reject);
        server.listen(this.path, resolve);
      });
    } catch (error) {
      throw new OddwireError("ODW_FEED_UNREADABLE", { path: this.path, cause: (error as Error).message });
    }
    this.#server = server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    const server = this.#server;
    if (server !== undefined) await new Promise((resolve) => void server.close(resolve));
  }

  #accept(socket: Socket): void {
    this.connections++;
    this.#sockets.add(socket);
    socket.once("close", () => this.#sockets.delete(socket));
    socket.on("error", () => undefined);
    void this.#read(socket);
  }

  async #read(socket: Socket): Promise<void> {
    const feed = new LineFeed();
    try {
      for await (const piece of socket) for (const line of feed.push(piece as Buffer)) await this.#onLine(line);
    } catch {
      // The other side is gone in the middle of something; the next connection begins anew.
    }
    this.tooLong += feed.tooLong;
  }
}

/** Only a socket is ever removed, never a file or a link. */
function removeStale(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path);
}
