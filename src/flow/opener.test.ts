import { expect, test } from "vitest";
import { PacketColumns } from "./columns.ts";
import { sentByServer } from "./opener.ts";

const TCP = 6;
const UDP = 17;
const SYN = 2;
const ACK = 16;
const finder = { isServerPort: (port: number): boolean => port === 5432 || port === 6379 || port === 50_000 };

test.each([
  ["a SYN is the client's", TCP, SYN, 80, 40_000, false],
  ["a SYN with ACK is the server's", TCP, SYN | ACK, 40_000, 80, true],
  ["a well-known port alone is the server's", UDP, 0, 53, 40_000, true],
  ["of two well-known ports the first sender is the client", UDP, 0, 53, 53, false],
  ["a usual port alone is the server's", TCP, ACK, 5432, 40_000, true],
  ["of two usual ports the first sender is the client", TCP, ACK, 5432, 6379, false],
  ["a usual port that clients take, too, says nothing", TCP, ACK, 50_000, 40_000, false],
  ["of UDP usual ports say nothing", UDP, 0, 5432, 40_000, false],
])("%s", (_case, protocol, flags, source, target, wanted) => {
  const columns = new PacketColumns();
  columns.tcpFlags[0] = flags;
  columns.sourcePort[0] = source;
  columns.targetPort[0] = target;
  expect(sentByServer(columns, 0, protocol, finder)).toBe(wanted);
});
