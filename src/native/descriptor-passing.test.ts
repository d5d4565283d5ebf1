import { closeSync, openSync, readSync } from "node:fs";
import { expect, test } from "vitest";
import { channelPair, DescriptorMessage } from "./descriptor-passing.ts";
import { closeDescriptor, SystemError, Waiter } from "./libc.ts";

const linux = process.platform === "linux";

test.skipIf(!linux)("a descriptor arrives with its byte, as another number for the same file", () => {
  const [left, right] = channelPair();
  const file = openSync(new URL(import.meta.url), "r");
  new DescriptorMessage().send(left, 5, file);
  const message = new DescriptorMessage();
  const received = message.receive(right);
  expect(received?.byte).toBe(5);
  expect(received?.fd).not.toBe(file);
  const start = new Uint8Array(6);
  readSync(received?.fd ?? -1, start);
  expect(Buffer.from(start).toString()).toBe("import");
  for (const fd of [file, received?.fd ?? -1]) closeSync(fd);
  for (const fd of [left, right]) closeDescriptor(fd);
});

test.skipIf(!linux)("a byte alone arrives without a descriptor, and a closed end is told", () => {
  const [left, right] = channelPair();
  const message = new DescriptorMessage();
  const waiter = new Waiter();
  expect(waiter.wait(right, 0)).toBe(0);
  message.send(left, 9, -1);
  expect(waiter.wait(right, 100)).not.toBe(0);
  expect(message.receive(right)).toEqual({ byte: 9, fd: -1 });
  closeDescriptor(left);
  expect(message.receive(right)).toBeUndefined();
  expect(() => message.send(right, 1, -1)).toThrow(SystemError);
  closeDescriptor(right);
  expect(() => message.receive(right)).toThrow("(EBADF)");
});
