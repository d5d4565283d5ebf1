import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { OddwireEvent } from "#contract/event.ts";
import { alertKind, findingKind } from "#schema/kinds.ts";

export const kinds = [findingKind, alertKind];

/** What a receiver does with one request. */
export type Answer = number | "hang" | "close" | { readonly status: number; readonly headers: { readonly [name: string]: string } };

export interface Received {
  readonly body: string;
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
}

/** A receiver that answers what the test wants, one after the other, and 200 from then on. */
export class Receiver implements AsyncDisposable {
  readonly received: Received[] = [];
  answers: Answer[];
  readonly #server: Server;

  private constructor(answers: readonly Answer[]) {
    this.answers = [...answers];
    this.#server = createServer((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        this.received.push({ body: Buffer.concat(parts).toString(), headers: request.headers, path: request.url ?? "" });
        const answer = this.answers.shift() ?? 200;
        if (answer === "close") request.socket.destroy();
        else if (typeof answer === "number") response.writeHead(answer).end("no");
        else if (answer !== "hang") response.writeHead(answer.status, answer.headers).end();
      });
    });
  }

  static async start(answers: readonly Answer[] = [], port = 0): Promise<Receiver> {
    const receiver = new Receiver(answers);
    await new Promise<void>((resolve) => receiver.#server.listen(port, "127.0.0.1", resolve));
    return receiver;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

/** A finding of a detector about an address. */
export const finding = (number: number, more: { readonly [member: string]: unknown } = {}): OddwireEvent => ({
  timestamp: "2026-01-01T00:00:00.000000+0000",
  event_type: "finding",
  flow_id: number,
  src_ip: `10.0.0.${number}`,
  dest_ip: "192.0.2.1",
  dest_port: 443,
  proto: "TCP",
  finding: {
    detector: "beacon",
    category: "beacon",
    title: `10.0.0.${number} calls home`,
    severity: "high",
    score: 0.9,
    why: [{ feature: "calls", value: 118, threshold: 30, sample: 118 }],
    ...more,
  },
});

export const alert = (severity: number, signature = "ET TEST"): OddwireEvent => ({
  timestamp: "2026-01-01T00:00:00.000000+0000",
  event_type: "alert",
  src_ip: "10.0.0.9",
  dest_ip: "192.0.2.2",
  proto: "UDP",
  alert: { action: "allowed", gid: 1, signature_id: 7, rev: 1, signature, category: "Misc", severity },
});
