import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyInstance } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import type { GivenCaptures, OpenedCapture } from "#contract/given-captures.ts";
import { failureOf } from "./errors.ts";

/** Captures whose stores are open at once; the one that was asked longest ago is closed for another. */
const openMax = 4;
const prefix = /^\/captures\/([0-9a-f]{12})(?=[/?]|$)/;

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

interface OpenApp {
  readonly app: FastifyInstance;
  readonly capture: OpenedCapture;
}

/**
 * `/captures/ID/…` is the whole page and API once more, over the store of that capture alone: each is an application of
 * its own that listens nowhere, and is handed the requests under its prefix, without the prefix.
 */
export class CaptureApps implements AsyncDisposable {
  readonly #captures: GivenCaptures;
  readonly #build: (capture: OpenedCapture) => Promise<FastifyInstance>;
  /** The one that was asked last stands last. */
  readonly #open = new Map<string, Promise<OpenApp | undefined>>();

  constructor(captures: GivenCaptures, build: (capture: OpenedCapture) => Promise<FastifyInstance>) {
    this.#captures = captures;
    this.#build = build;
  }

  /** Stands before the handler of the server. */
  mount({ server }: FastifyInstance): void {
    const [inner] = server.listeners("request") as Handler[];
    server.removeAllListeners("request");
    server.on("request", (request: IncomingMessage, response: ServerResponse) => {
      const found = prefix.exec(request.url ?? "");
      if (found === null) inner?.(request, response);
      else void this.#serve(found, request, response, inner);
    });
  }

  async #serve([whole, id = ""]: RegExpExecArray, request: IncomingMessage, response: ServerResponse, inner?: Handler): Promise<void> {
    try {
      const opened = await this.#opened(id);
      const rest = (request.url ?? "").slice(whole.length);
      // The page itself comes in any case: it says that the capture is gone.
      if (opened === undefined && !rest.startsWith("/api/")) return inner?.(request, response);
      if (opened === undefined) throw new OddwireError("ODW_CAPTURE_UNKNOWN", { id });
      request.url = rest.startsWith("/") ? rest : `/${rest}`;
      opened.app.routing(request, response);
    } catch (error) {
      const { status, body } = failureOf(error);
      response.writeHead(status, { "content-type": "application/json; charset=utf-8", "cache-control": "no-store" });
      response.end(JSON.stringify(body));
    }
  }

  async #opened(id: string): Promise<OpenApp | undefined> {
    const known = this.#open.get(id);
    const opening = known ?? this.#start(id);
    this.#open.delete(id);
    this.#open.set(id, opening);
    const opened = await opening;
    // What is not ready is asked for again; what was taken away is closed when the next one is opened.
    if (opened === undefined) this.#open.delete(id);
    else if (known === undefined) await this.#closeOldest();
    return opened;
  }

  async #start(id: string): Promise<OpenApp | undefined> {
    const capture = await this.#captures.open(id);
    if (capture === undefined) return undefined;
    const app = await this.#build(capture);
    await app.ready();
    return { app, capture };
  }

  async #closeOldest(): Promise<void> {
    const present = new Set(this.#captures.answer().captures.map(({ id }) => id));
    const gone = [...this.#open.keys()].filter((id) => !present.has(id));
    const oldest = [...this.#open.keys()].filter((id) => present.has(id)).slice(0, -openMax);
    for (const id of [...gone, ...oldest]) await this.#close(id);
  }

  async #close(id: string): Promise<void> {
    const opening = this.#open.get(id);
    this.#open.delete(id);
    const opened = await opening?.catch(() => undefined);
    await opened?.app.close();
    await opened?.capture[Symbol.asyncDispose]();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const id of this.#open.keys()) await this.#close(id);
  }
}
