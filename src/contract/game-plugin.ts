import type { Side } from "./parser.ts";

/**
 * A game's plugin as Oddwire sees it, whatever it is written in. Hosts (native process, TypeScript or WebAssembly
 * worker) implement `GamePluginHost`; the reader of game flows asks them batch by batch, in capture order.
 */
export interface GamePluginInfo {
  readonly kind: "native" | "typescript" | "wasm";
  /** File that it was loaded from. */
  readonly file: string;
  /** `My Game`. */
  readonly name: string;
  /** `mygame`: the protocol's name in events, unique among the loaded plugins. */
  readonly gameId: string;
  readonly version: string;
  /** ABI that it reports; TypeScript and WebAssembly plugins report the newest that they were written for. */
  readonly abi: number;
  readonly transports: readonly ("tcp" | "udp")[];
  /** Ports of the server. */
  readonly ports: readonly number[];
  /** How packets are framed; absent when each datagram or decrypted piece is one packet without a header. */
  readonly header?: PacketHeader;
  /** Names of opcodes by number, for each direction (0 to the server, 1 to the client). */
  readonly opcodes?: readonly [ReadonlyMap<number, string>, ReadonlyMap<number, string>];
  /** True when it tells players (ABI 4 and later). */
  readonly tracksPlayers: boolean;
}

/** The header that stands before each of a game's packets. Offsets in bytes from the packet's first. */
export interface PacketHeader {
  readonly bytes: number;
  readonly bigEndian: boolean;
  readonly opcode: { readonly offset: number; readonly bytes: 1 | 2 | 4 };
  /** Absent when a datagram holds exactly one packet. */
  readonly length?: {
    readonly offset: number;
    readonly bytes: 1 | 2 | 4;
    /** What it counts: the packet with its header, what follows the header, or what follows the length field itself. */
    readonly counts: "packet" | "body" | "rest";
    /** Added to what stands there. */
    readonly adjust: number;
  };
  /** Further fields of the header: sequence numbers, checksums, flags. */
  readonly fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly bytes: 1 | 2 | 4 | 8;
    readonly type: "unsigned" | "signed" | "float";
  }[];
}

/** One piece that a client or server sent: a datagram, or the bytes of a segment in order. */
export interface DecryptRequest {
  /** Number of the session, from 1, never used again. */
  readonly session: number;
  readonly side: Side;
  readonly bytes: Uint8Array;
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** Packet time, µs. */
  readonly time: number;
}

/** What became of it. `skip`: not the game's, or nothing to tell. `error`: the plugin failed; `why` says how. */
export type DecryptResult =
  | { readonly status: "ok"; readonly bytes: Uint8Array }
  | { readonly status: "skip" }
  | { readonly status: "error"; readonly why: string };

/** What a plugin knows of a player. */
export interface PluginPlayer {
  readonly session: number;
  /** Name or account, as the game tells it. */
  readonly name: string;
  readonly id?: string;
  readonly level?: number;
  readonly position?: { readonly x: number; readonly y: number; readonly z: number; readonly map?: string };
  readonly health?: { readonly now: number; readonly most: number };
  readonly connection?: { readonly packetsIn: number; readonly packetsOut: number; readonly rttMs?: number };
}

export interface GamePluginHost extends AsyncDisposable {
  readonly info: GamePluginInfo;
  /** Results in the order of the batch, one each. A crashed, hung or quarantined plugin answers `error` and takes nobody along. */
  decrypt(batch: readonly DecryptRequest[]): Promise<readonly DecryptResult[]>;
  sessionOpened(session: number, request: Omit<DecryptRequest, "bytes" | "side">): void;
  sessionClosed(session: number, reason: string): void;
  /** Players of now; empty when it does not track any. */
  players(): Promise<readonly PluginPlayer[]>;
  /** What the host had to do: restarts, deadlines missed, quarantine, for `oddwire plugin list` and findings. */
  readonly health: PluginHealth;
}

export interface PluginHealth {
  readonly state: "running" | "restarting" | "quarantined" | "stopped";
  readonly restarts: number;
  readonly deadlinesMissed: number;
  readonly requests: number;
  readonly failures: number;
  readonly lastTrouble?: string;
}
