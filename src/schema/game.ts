/** A plugin of a game, as an engine has it. */
export interface PluginRow {
  readonly file: string;
  /** `running`, `restarting`, `quarantined`, `stopped`, or `refused`: what follows is only known of those that were opened. */
  readonly state: string;
  readonly kind?: string;
  readonly name?: string;
  readonly game?: string;
  readonly version?: string;
  readonly abi?: number;
  readonly ports?: readonly number[];
  /** Times that it was started again, pieces that it was asked, and pieces that it failed on. */
  readonly restarts?: number;
  readonly requests?: number;
  readonly failures?: number;
  /** Its last trouble, or why it is refused. */
  readonly trouble?: string;
}

/** What a reload did with one plugin. */
export interface PluginReloadRow {
  readonly file: string;
  readonly name?: string;
  readonly game?: string;
  /** `reloaded`, `kept` (the version of before goes on), `added` or `refused`. */
  readonly outcome: "reloaded" | "kept" | "added" | "refused";
  readonly why: string;
  /** True when there was a new version and it could not be used. */
  readonly failed?: boolean;
}

export interface PluginsAnswer {
  readonly plugins: readonly PluginRow[];
}

export interface PluginReloadAnswer {
  readonly plugins: readonly PluginReloadRow[];
}

/** What a place in the bodies of an unknown opcode may be. */
export interface GuessedField {
  /** Place in the body, bytes; negative: from the end of bodies of different lengths. */
  readonly offset: number;
  readonly bytes: number;
  readonly looks_like: "constant" | "counter" | "timestamp" | "position" | "float" | "text" | "checksum" | "small number" | "varies";
  /** What it rests on. */
  readonly why: string;
}

/** What an unknown opcode looks like, for whoever wants to find out what it is. */
export interface OpcodeProfile {
  readonly count: number;
  readonly sessions: number;
  /** Lengths of the bodies, bytes, the most frequent first. */
  readonly lengths: readonly { readonly length: number; readonly count: number }[];
  readonly length_min: number;
  readonly length_max: number;
  /** Bits per byte over all bodies that were kept: near 8 is encrypted or compressed, below 5 is not. */
  readonly entropy: number;
  readonly entropy_says: string;
  /** Base of `fields`. */
  readonly samples: number;
  readonly fields: readonly GuessedField[];
  /** The first body, hexadecimal. */
  readonly example: string;
}

/** An opcode that nobody names, or whose body nobody describes. */
export interface UnknownOpcodeRow extends OpcodeProfile {
  readonly game: string;
  /** Its name where a plugin or the catalog has one, else its number: `0x10`. */
  readonly opcode: string;
  /** Absent where packets of the game have no opcode. */
  readonly opcode_number?: number;
  readonly direction: "to_server" | "to_client";
  /** True when it has a name and only lacks a struct. */
  readonly named: boolean;
  /** Byte order that the guesses were made in: that of the game's headers. */
  readonly endian: "little" | "big";
}

export interface UnknownOpcodesAnswer {
  /** The most frequent first. */
  readonly opcodes: readonly UnknownOpcodeRow[];
  /** Packets of further opcodes, which found no room. */
  readonly refused: number;
}
