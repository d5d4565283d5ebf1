import type { FlowFact, TransactionFact } from "#contract/detector.ts";

/** A call of DCE/RPC, over TCP or a named pipe. */
export interface RpcCall {
  /** Short name of the interface as its protocol's events tell it (`svcctl`); empty when its bind was not seen. */
  readonly service: string;
  /** Name of the procedure; empty when it has none here. */
  readonly procedure: string;
  readonly opnum: number;
}

interface Told {
  readonly request?: string;
  readonly opnum?: number;
  readonly req?: { readonly opnum?: number };
  readonly interfaces?: readonly { readonly service?: string; readonly procedure?: string }[];
}

/** The call that a `dcerpc` or `smb` message is; `undefined` when it is none. */
export function rpcCallOf({ kind, fields }: TransactionFact): RpcCall | undefined {
  const told = (kind === "dcerpc" ? fields : fields["dcerpc"]) as Told | undefined;
  if (told?.request !== "REQUEST") return undefined;
  const [bound] = told.interfaces ?? [];
  return { service: bound?.service ?? "", procedure: bound?.procedure ?? "", opnum: told.req?.opnum ?? told.opnum ?? -1 };
}

/** Ports that systems give to clients as they come, and to servers of RPC when they start (RFC 6335, 6). */
const dynamicStart = 49_152;

/** Caller and server of a call: their addresses and the caller's hash. */
export interface RpcEnds {
  readonly caller: string;
  readonly server: string;
  readonly callerHash: number;
}

/**
 * Who calls whom. Of a connection that was met after its start and has two dynamic ports it is only guessed who opened
 * it: servers of RPC have theirs since the system started, so that it is the lower one.
 */
export function rpcEnds(fact: FlowFact): RpcEnds {
  const { client, server, clientHash, serverHash, clientPort, serverPort, midstream } = fact;
  const isSwapped = midstream && clientPort >= dynamicStart && clientPort < serverPort;
  return isSwapped ? { caller: server, server: client, callerHash: serverHash } : { caller: client, server, callerHash: clientHash };
}
