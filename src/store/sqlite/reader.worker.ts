import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { failureOf, type ReaderAnswer, type ReaderQuestion, type ReaderRequest, type ReaderSetup } from "./messages.ts";
import { StoreReader } from "./reader.ts";

/** A reader thread: answers one question after the other. Question 0 is whether the store could be opened. */
const setup = workerData as ReaderSetup;
const port = parentPort as MessagePort;
let reader: StoreReader | undefined;

answer(0, () => {
  reader = new StoreReader(setup.path, setup.kinds, setup.timeoutMs);
});

port.on("message", ({ id, question }: ReaderRequest) => {
  answer(id, () => (reader === undefined ? undefined : ask(reader, question)));
});

function ask(of: StoreReader, question: ReaderQuestion): unknown {
  if (question.type === "query") return of.query(question.plan);
  if (question.type === "count") return of.count(question.plan);
  if (question.type === "top") return of.top(question.plan, question.column, question.sum);
  return of.describe();
}

function answer(id: number, work: () => unknown): void {
  let message: ReaderAnswer;
  try {
    message = { id, result: work() };
  } catch (error) {
    message = { id, failure: failureOf(error, "ODW_STORE_UNREADABLE", { path: setup.path }) };
  }
  port.postMessage(message);
}
