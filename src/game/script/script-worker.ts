/** The process of one TypeScript plugin: a program of its own, started by `game/native/process.ts`. */
import { writeSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import type { GameScript } from "#contract/game-script.ts";
import { readPluginFile, servePlugin } from "#game/native/serve-plugin.ts";
import type { SharedMapping } from "#native/libc.ts";
import { type PluginCalls, PluginRefused } from "#native/plugin-calls.ts";
import { messageOf } from "./foreign-calls.ts";
import { ScriptCalls } from "./script-calls.ts";
import { describe } from "./script-description.ts";
import { enterRoom } from "./script-room.ts";

const STANDARD_ERROR = 2;
const functions = ["sessionOpened", "sessionClosed", "players", "selfTest"];

const warn = (text: string): void => {
  writeSync(STANDARD_ERROR, `${text}\n`);
};

let source = "";

function prepare(): void {
  source = new TextDecoder().decode(readPluginFile());
}

function open(mapping: SharedMapping): PluginCalls {
  const script = load(source);
  const description = describe(script as unknown as Readonly<Record<string, unknown>>, script.players !== undefined);
  try {
    script.selfTest?.();
  } catch (error) {
    throw new PluginRefused(`its self-test failed: ${messageOf(error)}`);
  }
  return new ScriptCalls(script, description, mapping, warn);
}

function load(text: string): GameScript {
  let exported: unknown;
  try {
    exported = enterRoom(stripTypeScriptTypes(text), warn)["default"];
  } catch (error) {
    throw new PluginRefused(`it cannot be loaded: ${messageOf(error)}`);
  }
  if (typeof exported !== "object" || exported === null)
    throw new PluginRefused("it has no default export: export default defineGamePlugin({ … })");
  const script = exported as Readonly<Record<string, unknown>>;
  if (typeof script["decrypt"] !== "function") throw new PluginRefused("it has no function decrypt, which each plugin needs");
  for (const name of functions) {
    if (script[name] !== undefined && typeof script[name] !== "function") throw new PluginRefused(`${name} is not a function`);
  }
  return exported as GameScript;
}

servePlugin({ prepare, open, opensFiles: false });
