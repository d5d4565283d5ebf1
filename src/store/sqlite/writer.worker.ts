import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { failureOf, type WriterAnswer, type WriterRequest, type WriterSetup } from "./messages.ts";
import { StoreWriter, type WriterCounters } from "./writer.ts";

/** The writer thread: one writer, fed by messages, that commits at least every `flushMs`. */
const setup = workerData as WriterSetup;
const port = parentPort as MessagePort;
const noCounters: WriterCounters = { stored: 0, rejected: 0, unknown: 0, deleted: 0, lost: 0 };
let writer: StoreWriter | undefined;
/** When the rows that wait for their commit began to come. */
let began = 0;
let timer: NodeJS.Timeout | undefined;

step("opened", undefined, () => {
  writer = new StoreWriter(setup.path, setup.kinds, setup);
});

port.on("message", (request: WriterRequest) => {
  if (request.type === "lines") step("written", undefined, () => write(request.bytes));
  else if (request.type === "flush") step("flushed", request.id, () => commit());
  else {
    step("closed", undefined, () => {
      clearTimeout(timer);
      writer?.close();
    });
    port.close();
  }
});

function write(bytes: Uint8Array): void {
  if (writer?.pending !== true) began = performance.now();
  writer?.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (performance.now() - began >= setup.flushMs) commit();
  else timer ??= setTimeout(() => step("committed", undefined, commit), setup.flushMs);
}

function commit(): void {
  clearTimeout(timer);
  timer = undefined;
  writer?.commit();
}

function step(type: WriterAnswer["type"], id: number | undefined, work: () => void): void {
  let failure: WriterAnswer["failure"];
  try {
    work();
  } catch (error) {
    failure = failureOf(error, "ODW_OUT_UNWRITABLE", { path: setup.path });
  }
  const answer: WriterAnswer = { type, counters: writer?.counters ?? noCounters, failure, ...(id === undefined ? {} : { id }) };
  port.postMessage(answer);
}
