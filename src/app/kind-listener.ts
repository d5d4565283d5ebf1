import type { OddwireEvent } from "#contract/event.ts";
import type { Sink } from "#contract/sink.ts";

/** A sink that reads only the events of one kind out of the lines, and hands them on as objects. */
export class KindListener implements Sink {
  readonly name: string;
  readonly dropped = 0;
  readonly #mark: string;
  readonly #take: (event: OddwireEvent) => void;
  readonly #decoder = new TextDecoder();

  constructor(kind: "alert" | "finding", take: (event: OddwireEvent) => void) {
    this.name = kind;
    this.#mark = `"event_type":"${kind}"`;
    this.#take = take;
  }

  async start(): Promise<void> {}

  async write(lines: Uint8Array): Promise<void> {
    // Most batches have none: then their text is not cut.
    const text = this.#decoder.decode(lines);
    for (let at = text.indexOf(this.#mark); at >= 0; at = text.indexOf(this.#mark, at)) {
      const from = text.lastIndexOf("\n", at) + 1;
      const to = text.indexOf("\n", at);
      const event = JSON.parse(text.slice(from, to)) as OddwireEvent;
      if (event["event_type"] === this.name) this.#take(event);
      at = to;
    }
  }

  async flush(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
