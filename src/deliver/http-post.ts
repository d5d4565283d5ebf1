import { createHmac } from "node:crypto";
import type { Queued } from "./disk-queue.ts";
import { mediaTypeOf } from "./message.ts";
import type { Target } from "./target.ts";
import type { Outcome, Transport } from "./transport.ts";

/** Longest wait for an answer, and longest that a receiver may ask to be left alone, ms. */
export const answerMsMax = 10_000;
const retryAfterMsMax = 3_600_000;

/** Answers that say "not now", beside all from 500 on. 401, 403 and 404 are mended by people: messages wait for them. */
const passing = new Set([401, 403, 404, 408, 409, 421, 423, 425, 429]);

/**
 * Posts a message. Headers: `X-Oddwire-Delivery` (the same at each attempt), `X-Oddwire-Timestamp` (seconds since 1970) and, with a
 * secret, `X-Oddwire-Signature`: `sha256=` and HMAC-SHA256 over timestamp, a dot, and the body, in hexadecimal. Redirections are not
 * followed: they would carry the message to somebody whom nobody named.
 */
export class HttpPost implements Transport {
  readonly #target: Target;
  readonly #answerMs: number;

  constructor(target: Target, answerMs = answerMsMax) {
    this.#target = target;
    this.#answerMs = answerMs;
  }

  async send({ id, body }: Queued, signal: AbortSignal): Promise<Outcome> {
    const { url, secret, format } = this.#target;
    const timestamp = String(Math.floor(Date.now() / 1000));
    const timeout = AbortSignal.timeout(this.#answerMs);
    try {
      const response = await fetch(withoutUser(url), {
        method: "POST",
        redirect: "manual",
        signal: AbortSignal.any([signal, timeout]),
        body,
        headers: {
          "content-type": mediaTypeOf(format),
          "user-agent": "oddwire",
          "x-oddwire-delivery": id,
          "x-oddwire-timestamp": timestamp,
          ...(secret !== undefined && { "x-oddwire-signature": signatureOf(secret, timestamp, body) }),
          ...(url.username !== "" && { authorization: basic(url) }),
        },
      });
      // What it says is of no use, and may be long.
      await response.body?.cancel();
      return outcomeOf(response);
    } catch (error) {
      return { result: "again", cause: timeout.aborted ? `no answer within ${this.#answerMs / 1000} s` : causeOf(error) };
    }
  }

  end(): void {
    // Each attempt has a connection of its own, which ends with it.
  }
}

/** The signature of a message: receivers compute the same. */
export const signatureOf = (secret: string, timestamp: string, body: string): string =>
  `sha256=${createHmac("sha256", secret).update(`${timestamp}.${body}`).digest("hex")}`;

function outcomeOf(response: Response): Outcome {
  const { status } = response;
  if (status >= 200 && status < 300) return { result: "sent" };
  const cause = `it answered ${status}`;
  if (status < 500 && !passing.has(status)) return { result: "refused", cause };
  const waitMs = retryAfterOf(response.headers.get("retry-after"));
  return { result: "again", cause, ...(waitMs !== undefined && { waitMs }) };
}

/** Seconds, or a date (RFC 9110, 10.2.3). */
function retryAfterOf(text: string | null): number | undefined {
  if (text === null) return undefined;
  const ms = /^\s*\d+\s*$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(0, ms), retryAfterMsMax) : undefined;
}

/** `fetch` refuses addresses with a user; they go into a header. */
function withoutUser(url: URL): URL {
  const bare = new URL(url);
  bare.username = "";
  bare.password = "";
  return bare;
}

const basic = (url: URL): string =>
  `Basic ${Buffer.from(`${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`).toString("base64")}`;

/** The code of what went wrong: messages of Node may hold the address. */
function causeOf(error: unknown): string {
  const cause = error instanceof Error ? ((error.cause as NodeJS.ErrnoException | undefined) ?? error) : undefined;
  const code = cause !== undefined && "code" in cause && typeof cause.code === "string" ? cause.code : cause?.name;
  return `it cannot be reached (${code ?? "no reason given"})`;
}
