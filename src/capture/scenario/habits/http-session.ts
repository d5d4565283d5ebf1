import type { Random } from "#base/random.ts";
import { httpRequest, httpResponse, type Request, type Response } from "#capture/scenario/content/http.ts";
import { Side } from "#capture/scenario/frames/endpoint.ts";
import type { TcpConnection } from "#capture/scenario/frames/tcp-connection.ts";
import type { Process } from "#capture/scenario/scheduler.ts";

/** A request and its response over an open connection. */
export function* exchange(tcp: TcpConnection, random: Random, request: Request, response: Response): Process {
  yield* tcp.send(Side.client, httpRequest(request));
  yield* tcp.pause(random.between(500, 4_000) + random.exponential(8_000));
  yield* tcp.send(Side.server, httpResponse(response));
}
