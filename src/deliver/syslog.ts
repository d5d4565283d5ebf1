import { createSocket } from "node:dgram";
import { connect, isIPv6, type Socket } from "node:net";
import { hostname } from "node:os";
import { setImmediate } from "node:timers/promises";
import type { Severity } from "#schema/finding.ts";
import type { Queued } from "./disk-queue.ts";
import type { Notice } from "./notice.ts";
import type { Target } from "./target.ts";
import type { Outcome, Transport } from "./transport.ts";

/** Severities of syslog (RFC 5424, 6.2.1): critical, error, warning, notice, informational. */
const levels: Readonly<Record<Severity, number>> = { critical: 2, high: 3, medium: 4, low: 5, info: 6 };
/** Longest message: receivers have to take 2,048 bytes (RFC 5424, 6.1); datagrams stay whole. */
const messageBytesMax = 2048;
const connectMsMax = 5000;

/** A notice as RFC 5424 has it: header, one element of structured data, the title. */
export function syslogLine(notice: Notice, facility: number, host = hostname()): string {
  const { severity, event, title, facts, repeated } = notice;
  const time = new Date(event.timestamp);
  const stamp = Number.isNaN(time.getTime()) ? "-" : time.toISOString();
  const named = [...facts, ["severity", severity] as const, ...(repeated > 0 ? [["repeated", String(repeated)] as const] : [])];
  const data = named.map(([name, value]) => ` ${name}="${value.replaceAll(/["\\\]]/g, String.raw`\$&`)}"`).join("");
  const head = `<${facility * 8 + levels[severity]}>1 ${stamp} ${ascii(host) || "-"} oddwire ${process.pid} ${event.event_type}`;
  // The mark of UTF-8 stands before the text (6.4).
  return cut(`${head} [oddwire@32473${data}] \u{feff}${title}`);
}

const ascii = (text: string): string => text.replaceAll(/[^\x21-\x7e]/g, "").slice(0, 255);

/** At most so many bytes, without half a character at its end. */
function cut(text: string): string {
  const bytes = Buffer.from(text);
  return bytes.length <= messageBytesMax
    ? text
    : bytes
        .subarray(0, messageBytesMax)
        .toString()
        .replace(/\u{fffd}+$/u, "");
}

/** Over UDP (RFC 5426), a datagram each. What is lost on the way is not known. */
export class SyslogDatagrams implements Transport {
  readonly #target: Target;

  constructor(target: Target) {
    this.#target = target;
  }

  send({ body }: Queued): Promise<Outcome> {
    const host = hostOf(this.#target.url);
    const socket = createSocket(isIPv6(host) ? "udp6" : "udp4");
    return new Promise((resolve) => {
      const done = (error: Error | null): void => {
        socket.close();
        resolve(error === null ? { result: "sent" } : { result: "again", cause: codeOf(error) });
      };
      socket.once("error", done);
      socket.send(body, Number(this.#target.url.port), host, (error) => done(error));
    });
  }

  end(): void {
    // Sockets end with their datagram.
  }
}

/** Over TCP with counted octets (RFC 6587, 3.4.1). Syslog has no answer: a message is sent when the system has taken it. */
export class SyslogStream implements Transport {
  readonly #target: Target;
  #socket: Socket | undefined;

  constructor(target: Target) {
    this.#target = target;
  }

  async send({ body }: Queued, signal: AbortSignal): Promise<Outcome> {
    try {
      const socket = await this.#connected(signal);
      const bytes = Buffer.from(body);
      await new Promise<void>((resolve, reject) => {
        socket.once("error", reject);
        socket.write(Buffer.concat([Buffer.from(`${bytes.length} `), bytes]), (error) => {
          socket.off("error", reject);
          if (error === null || error === undefined) resolve();
          else reject(error);
        });
      });
      return { result: "sent" };
    } catch (error) {
      this.end();
      return { result: "again", cause: codeOf(error) };
    }
  }

  end(): void {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  async #connected(signal: AbortSignal): Promise<Socket> {
    // One round of the event loop: a receiver that has closed meanwhile is noticed before a message is given to it.
    if (this.#socket !== undefined) await setImmediate();
    const open = this.#socket;
    if (open !== undefined && !open.destroyed && open.writable) return open;
    const { url } = this.#target;
    const socket = connect({ host: hostOf(url), port: Number(url.port), signal });
    socket.setTimeout(connectMsMax, () => socket.destroy(Object.assign(new Error("no answer"), { code: "ETIMEDOUT" })));
    this.#socket = socket;
    // A receiver that closes is noticed here, and not when the next message is lost.
    socket.on("end", () => socket.destroy());
    socket.resume();
    return new Promise((resolve, reject) => {
      socket.once("error", reject);
      socket.once("connect", () => {
        socket.off("error", reject);
        socket.on("error", () => socket.destroy());
        socket.setTimeout(0);
        resolve(socket);
      });
    });
  }
}

const hostOf = (url: URL): string => url.hostname.replaceAll(/^\[|\]$/g, "");

const codeOf = (error: unknown): string => `it cannot be reached (${(error as NodeJS.ErrnoException).code ?? "no reason given"})`;
