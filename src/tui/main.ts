import { ApiClient } from "#client/client.ts";
import { LiveConnection, type LiveSocket } from "#client/live-connection.ts";
import { TuiApp } from "./app.ts";
import type { Key } from "./screen/keys.ts";
import { Terminal } from "./screen/terminal.ts";

export interface TuiOptions {
  /** `http://127.0.0.1:8080`. */
  readonly url: string;
  /** Sent as `Authorization: Bearer`, when the server wants one. */
  readonly token?: string | undefined;
  readonly withColour: boolean;
}

/** Shortest time between two screens: more than ten a second nobody reads. */
const frameMs = 100;
/** So soon after a key, so that typing feels at once. */
const keyFrameMs = 15;

/** True when `runTui` has a terminal to draw on. */
export const hasTerminal = (): boolean => process.stdin.isTTY && process.stdout.isTTY && process.env["TERM"] !== "dumb";

/** Runs the terminal page until it is quit, or the terminal or the process ends. Resolves with the exit code. */
export async function runTui(options: TuiOptions): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const { api, live } = connect(options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let due = Number.POSITIVE_INFINITY;
  const draw = (): void => {
    timer = undefined;
    due = Number.POSITIVE_INFINITY;
    if (terminal.isReady) terminal.show(app.compose(terminal.width, terminal.height));
  };
  const drawWithin = (ms: number): void => {
    const at = performance.now() + ms;
    if (at >= due) return;
    clearTimeout(timer);
    due = at;
    timer = setTimeout(draw, ms);
  };
  const app = new TuiApp({ api, live, changed: () => drawWithin(frameMs), quit: () => resolve(0) });
  const terminal = new Terminal({
    input: process.stdin,
    output: process.stdout,
    withColour: options.withColour,
    onKey: (key: Key) => {
      if (key.name === "ctrl-z") terminal.suspend();
      else app.press(key);
      drawWithin(keyFrameMs);
    },
    onWant: () => drawWithin(keyFrameMs),
    onGone: () => resolve(1),
  });
  const signals = endOn({ SIGTERM: 143, SIGHUP: 129, SIGINT: 130 }, resolve);
  // A bug's report must not be lost with the other screen.
  const broken = (error: unknown): void => {
    terminal.restore();
    process.stderr.write(`oddwire: a bug stopped the terminal page: ${error instanceof Error ? error.stack : String(error)}\n`);
    resolve(1);
  };
  process.on("uncaughtException", broken);
  process.on("unhandledRejection", broken);
  terminal.open();
  app.start();
  drawWithin(0);
  const code = await promise;
  app.stop();
  clearTimeout(timer);
  terminal.close();
  signals();
  process.off("uncaughtException", broken);
  process.off("unhandledRejection", broken);
  return code;
}

/** Ends with a code on each of the signals; call what it answers to stop listening. */
function endOn(codes: { readonly [signal: string]: number }, end: (code: number) => void): () => void {
  const listeners = Object.entries(codes).map(([signal, code]) => [signal, () => end(code)] as const);
  for (const [signal, listener] of listeners) process.on(signal, listener);
  return () => {
    for (const [signal, listener] of listeners) process.off(signal, listener);
  };
}

/** The server, asked with the token when there is one. */
function connect({ url, token }: TuiOptions): { readonly api: ApiClient; readonly live: LiveConnection } {
  if (token === undefined) return { api: new ApiClient({ url }), live: new LiveConnection({ url }) };
  const authorization = `Bearer ${token}`;
  const api = new ApiClient({
    url,
    fetch: (input, init) => fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), authorization } }),
  });
  const openSocket = (address: string): LiveSocket => new WebSocket(address, { headers: { authorization } });
  return { api, live: new LiveConnection({ url, openSocket }) };
}
