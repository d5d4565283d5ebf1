/**
 * Where events go. They come as whole lines of EVE JSON in UTF-8, each ended by a newline, many to a batch, in the
 * order that never depends on the number of workers. The bytes are lent until the promise of `write` is settled: a sink
 * that needs them longer copies them.
 */
export interface Sink {
  readonly name: string;
  start(): Promise<void>;
  /** Takes a batch. Resolves when the next one may come: files wait here, live capture does not. */
  write(lines: Uint8Array): Promise<void>;
  /** Everything taken so far is on its way to the disk when this resolves. */
  flush(): Promise<void>;
  /** Events that were thrown away because the queue was full (live only). */
  readonly dropped: number;
  [Symbol.asyncDispose](): Promise<void>;
}
