import { expect, test } from "vitest";
import { nextTcpState, TcpFlag, TcpState, tcpStateNames } from "./tcp-state.ts";

const { syn, ack, fin, rst } = TcpFlag;
const client = (flags: number): [number, number] => [0, flags];
const server = (flags: number): [number, number] => [1, flags];
const handshake = [client(syn), server(syn | ack), client(ack)];

test.each<[string, [number, number][], number]>([
  ["a handshake establishes", handshake, TcpState.established],
  ["a SYN alone is sent", [client(syn)], TcpState.synSent],
  ["a refused SYN is closed", [client(syn), server(rst | ack)], TcpState.closed],
  ["data without a handshake is taken for established", [client(ack)], TcpState.established],
  ["the client closes first", [...handshake, client(fin | ack), server(ack), server(fin | ack), client(ack)], TcpState.closed],
  ["the client closes first, halfway", [...handshake, client(fin | ack), server(ack)], TcpState.finWait2],
  ["the server closes first", [...handshake, server(fin | ack), client(ack), client(fin | ack), server(ack)], TcpState.closed],
  ["the server closes first, halfway", [...handshake, server(fin | ack), client(ack)], TcpState.closeWait],
  ["both close at once", [...handshake, client(fin | ack), server(fin | ack), client(ack)], TcpState.closed],
  ["a reset closes at any time", [...handshake, client(rst)], TcpState.closed],
  ["a repeated FIN changes nothing", [...handshake, client(fin | ack), client(fin | ack)], TcpState.finWait1],
])("%s", (_case, segments, expected) => {
  const state = segments.reduce((before, [side, flags]) => nextTcpState(before, side, flags), TcpState.none as number);
  expect(tcpStateNames[state]).toBe(tcpStateNames[expected]);
});
