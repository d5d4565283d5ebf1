/**
 * What every plugin's process does, whatever the plugin is written in: it gives up its rights, opens the plugin, then
 * answers batches until its channel is closed. Started by `process.ts` with the memory, the channel and the plugin's file as descriptors.
 */
import { fstatSync, readSync, writeSync } from "node:fs";
import process from "node:process";
import { HOST_IS_LITTLE, SharedMapping } from "#native/libc.ts";
import { type PluginCalls, PluginRefused } from "#native/plugin-calls.ts";
import { restrictFiles } from "#native/plugin-landlock.ts";
import { closeInherited, limitResources } from "#native/plugin-limits.ts";
import { Protection, protect } from "#native/plugin-memory.ts";
import { restrictCalls } from "#native/plugin-seccomp.ts";
import { clearAmbientSet, setCapabilities, setDeathSignal, setNoNewPrivileges } from "#native/privileges.ts";
import { Answering } from "./answering.ts";
import { answersAt, Descriptor, guardBytes, outputsAt, outputsEnd, regionBytes, Signal, SLOTS, slotBytes } from "./region.ts";

const NOBODY = 65_534;
const SIGKILL = 9;
/** The plugin's file as this process finds it. */
export const libraryPath: string = `/proc/self/fd/${Descriptor.library}`;
/** Where shared libraries that plugins need are found. */
const libraryFolders = ["/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/nix/store", "/etc/ld.so.cache", libraryPath];

/** Gives up every right; returns which of the kernel's fences stand beside it. */
function giveUpRights(memoryBytes: number, opensFiles: boolean): string[] {
  if (process.getuid?.() === 0) {
    process.setgroups?.([NOBODY]);
    process.setgid?.(NOBODY);
    process.setuid?.(NOBODY);
  }
  clearAmbientSet();
  setCapabilities([], []);
  setNoNewPrivileges();
  setDeathSignal(SIGKILL);
  closeInherited(Descriptor.library);
  limitResources(memoryBytes);
  const fences = ["user", "limits"];
  if (restrictFiles(libraryFolders)) fences.push("landlock");
  if (restrictCalls(opensFiles)) fences.push("seccomp");
  return fences;
}

function protectSlots(mapping: SharedMapping): void {
  for (let slot = 0; slot < SLOTS; slot++) {
    protect(mapping, slot * slotBytes, answersAt, Protection.read);
    protect(mapping, slot * slotBytes + outputsEnd, guardBytes, Protection.none);
  }
}

/** Tells the host a text: in the outputs of the first slot, then the signal. */
function tell(mapping: SharedMapping, signal: number, value: unknown): void {
  const text = new TextEncoder().encode(JSON.stringify(value));
  const room = outputsEnd - outputsAt - 4;
  const fits = text.length <= room ? text : new TextEncoder().encode(JSON.stringify({ reason: "it describes itself at too great length" }));
  new DataView(mapping.buffer).setUint32(outputsAt, fits.length, HOST_IS_LITTLE);
  new Uint8Array(mapping.buffer, outputsAt + 4, fits.length).set(fits);
  writeSync(Descriptor.channel, new Uint8Array([fits === text ? signal : Signal.refused]));
}

/** Answers batches in the order in which they are told; returns when the host has gone. */
function serve(answering: Answering): void {
  const told = new Uint8Array(16);
  const reply = new Uint8Array(1);
  let stalled = false;
  for (;;) {
    const length = readSync(Descriptor.channel, told, 0, told.length, null);
    if (length === 0) return;
    for (let index = 0; index < length; index++) {
      const signal = told[index] as number;
      if (signal === Signal.resume) {
        stalled = false;
        continue;
      }
      // After a batch whose outputs did not fit, the later ones wait for what is left of it.
      if (!stalled) stalled = !answering.answer(signal);
      reply[0] = signal;
      writeSync(Descriptor.channel, reply);
      // The host ends the process as well; memory that was written over is not to be used meanwhile.
      if (answering.harmed) return;
    }
  }
}

/** The plugin's file. For `prepare`: it cannot be asked for its size later. */
export function readPluginFile(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(fstatSync(Descriptor.library).size);
  readSync(Descriptor.library, bytes, 0, bytes.length, 0);
  return bytes;
}

/** How one kind of plugin is opened. */
export interface PluginOpener {
  /** Runs while the process has its rights: loads what is Oddwire's own, runs nothing of the plugin's. */
  readonly prepare?: () => void;
  /** Whether opening it needs files. */
  readonly opensFiles: boolean;
  /** Opens the plugin, without rights. Throws `PluginRefused`. */
  readonly open: (mapping: SharedMapping) => PluginCalls;
}

/** Serves one plugin; ends with the process. Nothing here waits for Node's loop: that would make calls that are not allowed. */
export function servePlugin(opener: PluginOpener): never {
  run(opener);
  // Destructors of the library and Node's own end are of no use here.
  return endHard();
}

// Whoever runs in this process later may have changed what `process` says.
const endHard = process.kill.bind(process, process.pid, "SIGKILL") as () => never;

function run(opener: PluginOpener): void {
  const mapping = new SharedMapping(Descriptor.memory, regionBytes);
  let calls: PluginCalls;
  let fences: string[];
  try {
    opener.prepare?.();
    protectSlots(mapping);
    fences = giveUpRights(Number(process.argv[2]), opener.opensFiles);
  } catch (error) {
    tell(mapping, Signal.refused, { reason: `rights could not be given up: ${(error as Error).message}` });
    return;
  }
  try {
    calls = opener.open(mapping);
  } catch (error) {
    if (!(error instanceof PluginRefused)) throw error;
    tell(mapping, Signal.refused, { reason: error.message });
    return;
  }
  const answering = new Answering(mapping, calls);
  if (opener.opensFiles && fences.includes("seccomp")) restrictCalls(false);
  tell(mapping, Signal.ready, { ...calls.description, fences });
  serve(answering);
}
