import type { OddwireEvent } from "#contract/event.ts";
import type { Sink } from "#contract/sink.ts";

const MARK = '"event_type":"alert"';

/** A sink that reads only the alerts out of the lines, and hands them on as objects. */
export class AlertListener implements Sink {
  readonly name = "alerts";
  readonly dropped = 0;
  readonly #take: (event: OddwireEvent) => void;
  readonly #decoder = new TextDecoder();

  constructor(take: (event: OddwireEvent) => void) {
    this.#take = take;
  }

  async start(): Promise<void> {}

  async write(lines: Uint8Array): Promise<void> {
    // Most batches have no alert: then their text is not cut.
    const text = this.#decoder.decode(lines);
    for (let at = text.indexOf(MARK); at >= 0; at = text.indexOf(MARK, at)) {
      const from = text.lastIndexOf("\n", at) + 1;
      const to = text.indexOf("\n", at);
      const event = JSON.parse(text.slice(from, to)) as OddwireEvent;
      if (event["event_type"] === "alert") this.#take(event);
      at = to;
    }
  }

  async flush(): Promise<void> {}

  async [Symbol.asyncDispose](): Promise<void> {}
}
