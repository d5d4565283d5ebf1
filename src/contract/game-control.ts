import type { PluginReloadRow, PluginRow, UnknownOpcodesAnswer } from "#schema/game.ts";
import type { ForwardReader } from "./forward.ts";

/** Plugins that may be loaded anew while they are used. */
export interface PluginControl {
  rows(): readonly PluginRow[];
  /**
   * Loads plugins anew: those whose files have changed, or the one of that game, name or file whether it has changed or
   * not. Packets that come meanwhile are read by the old version; sessions go on.
   */
  reload(name?: string): Promise<readonly PluginReloadRow[]>;
}

/** What may be asked of a running reader of games. Throws ODW_PLUGIN_UNKNOWN for a name that no plugin has. */
export interface GameControl {
  plugins(): readonly PluginRow[];
  reloadPlugins(name?: string): Promise<readonly PluginReloadRow[]>;
  /** What was collected of opcodes that nobody knows. */
  unknownOpcodes(): UnknownOpcodesAnswer;
}

/** A reader of games that can be asked. */
export interface ControlledReader extends ForwardReader {
  readonly control: GameControl;
}
