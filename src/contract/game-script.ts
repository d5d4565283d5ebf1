import type { PacketHeader, PluginPlayer } from "./game-plugin.ts";
import type { Side } from "./parser.ts";

/**
 * A game's plugin as its author writes it in TypeScript: the module's default export. All functions answer at once;
 * nothing that is asynchronous ever runs. The guide is docs/PLUGINS.md.
 */
export interface GameScript {
  /** `My Game`. */
  readonly name: string;
  /** `mygame`: a-z, 0-9, - and _, at most 32 of them. */
  readonly gameId: string;
  /** `1.0.0`. */
  readonly version: string;
  /** The newest ABI that it was written for; ABI 5 when absent. */
  readonly abi?: number;
  readonly transports: readonly ("tcp" | "udp")[];
  /** Ports of the server, at most 16. */
  readonly ports: readonly number[];
  /** How packets are framed; absent when each datagram or decrypted piece is one packet without a header. */
  readonly header?: Omit<PacketHeader, "fields"> & Partial<Pick<PacketHeader, "fields">>;
  /** Names of opcodes by number, for each direction. */
  readonly opcodes?: {
    readonly toServer?: { readonly [opcode: number]: string };
    readonly toClient?: { readonly [opcode: number]: string };
  };
  /**
   * The piece in clear: at most max(64 KiB, 4 × its length) bytes, none when it completes no packet. `undefined` means
   * skip: not the game's, or nothing to tell. What it throws is an error of this piece alone.
   */
  decrypt(piece: GamePiece): Uint8Array | undefined;
  sessionOpened?(session: GameSession): void;
  sessionClosed?(session: number, reason: string): void;
  /** Players of now. */
  players?(): readonly PluginPlayer[];
  /** Throws when the plugin does not do what it should. Runs before it is used, and before a new version takes its place. */
  selfTest?(): void;
}

/** A connection of the game. */
export interface GameSession {
  /** Number of the session, from 1, never used again. */
  readonly session: number;
  /** Addresses as texts. */
  readonly client: string;
  readonly clientPort: number;
  readonly server: string;
  readonly serverPort: number;
  /** Packet time, µs. */
  readonly time: number;
}

/** What one side sent: a datagram, or bytes of a stream in order. */
export interface GamePiece extends GameSession {
  /** 0 to the server, 1 to the client. */
  readonly side: Side;
  /** The plugin's own copy: it may be kept and changed. */
  readonly bytes: Uint8Array;
}

/** Checks the types of a plugin while it is written: `export default defineGamePlugin({ … })`. */
export const defineGamePlugin = (plugin: GameScript): GameScript => plugin;
