import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import type { Duplex, Readable } from "node:stream";
import { HOST_IS_LITTLE } from "#native/libc.ts";
import { memoryBytesOf } from "#native/plugin-limits.ts";
import type { SharedMemory } from "#native/plugin-memory.ts";
import { Descriptor, outputsAt, outputsEnd, Signal, SLOTS } from "./region.ts";

/** What a plugin's process tells its host. */
export interface ProcessEvents {
  /** A slot came back. */
  answered(slot: number): void;
  /** It is gone, or says what it cannot say and was ended; told once, when nothing of it runs any more. */
  ended(cause: string): void;
}

export interface ProcessOptions {
  readonly memory: SharedMemory;
  /** Descriptor of the library's copy. */
  readonly library: number;
  readonly program: PluginProgram;
  /** Bytes that the plugin may use beyond what the process needs. */
  readonly memoryBytesMax: number;
  /** Milliseconds until it has to have told what the plugin is. */
  readonly startMsMax: number;
}

/** Bytes of what it printed that are kept: the last ones. */
const printedBytesMax = 4096;
/** What a terminal would take for commands. */
const controls = /[^\P{Cc}\t\n]/gu;
/** One thread where there can be one: fewer of them are out of Landlock's reach. */
const nodeFlags = ["--v8-pool-size=0", "--disable-sigusr1", "--no-warnings"];

/** The program of a plugin's process: one for each kind of plugin. */
export interface PluginProgram {
  /** Its module. */
  readonly module: string;
  /** Flags of Node's beside those that all kinds have. */
  readonly flags: readonly string[];
}

export const nativeProgram: PluginProgram = {
  module: join(import.meta.dirname, "plugin-worker.ts"),
  flags: ["--max-old-space-size=64"],
};

/** The process in which one plugin runs. Constructing it starts nothing. */
export class PluginProcess {
  readonly #options: ProcessOptions;
  readonly #events: ProcessEvents;
  #child: ChildProcess | undefined;
  #channel: Duplex | undefined;
  #cause: string | undefined;
  #printed = "";
  #memoryAtStart = 0;
  #ready: ((value: unknown) => void) | undefined;

  constructor(options: ProcessOptions, events: ProcessEvents) {
    this.#options = options;
    this.#events = events;
  }

  /** What the plugin says of itself, or `{ reason }` why it is none; the process is ended then. Rejects when it dies before. */
  start(): Promise<unknown> {
    const { memory, library, program, memoryBytesMax, startMsMax } = this.#options;
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.kill(`it did not start within ${startMsMax} ms`), startMsMax);
      this.#ready = resolve;
      const child = spawn(process.execPath, [...nodeFlags, ...program.flags, program.module, String(memoryBytesMax)], {
        cwd: "/",
        env: { UV_USE_IO_URING: "0", MALLOC_ARENA_MAX: "1" },
        stdio: ["ignore", "pipe", "pipe", "pipe", memory.fd, library],
      });
      this.#child = child;
      this.#keep(child.stdout);
      this.#keep(child.stderr);
      this.#channel = child.stdio[Descriptor.channel] as Duplex;
      this.#channel.on("data", (bytes: Uint8Array) => this.#told(bytes));
      // A closed channel is told by the end of the process.
      this.#channel.on("error", () => undefined);
      child.on("error", (error) => {
        this.#cause ??= error.message;
      });
      child.on("close", (code, signal) => {
        clearTimeout(late);
        const cause = this.#cause ?? causeOf(code, signal);
        this.#child = undefined;
        reject(new Error(this.#withPrinted(cause)));
        this.#events.ended(cause);
      });
      const settle = this.#ready;
      this.#ready = (value) => {
        clearTimeout(late);
        settle(value);
      };
    });
  }

  /** Address space that it used when it was ready, bytes. */
  get memoryAtStart(): number {
    return this.#memoryAtStart;
  }

  /** Last words of the plugin on its standard output and error. */
  get printed(): string {
    return this.#printed.trim();
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  /** Hands over a slot, or `Signal.resume`. */
  tell(signals: readonly number[]): void {
    this.#channel?.write(new Uint8Array(signals));
  }

  /** Ends it at once; `ended` is told with this cause. */
  kill(cause: string): void {
    this.#cause ??= cause;
    this.#child?.kill("SIGKILL");
  }

  #told(bytes: Uint8Array): void {
    for (const signal of bytes) {
      if (this.#cause !== undefined) return;
      const ready = this.#ready;
      if (ready !== undefined && (signal === Signal.ready || signal === Signal.refused)) {
        this.#ready = undefined;
        this.#memoryAtStart = memoryBytesOf(this.pid ?? 0);
        ready(this.#readText());
        if (signal === Signal.refused) this.kill("it was refused");
      } else if (ready === undefined && signal < SLOTS) {
        this.#events.answered(signal);
      } else {
        this.kill("it wrote to the channel of its host");
      }
    }
  }

  #readText(): unknown {
    const { buffer } = this.#options.memory.mapping;
    const length = Math.min(new DataView(buffer).getUint32(outputsAt, HOST_IS_LITTLE), outputsEnd - outputsAt - 4);
    try {
      return JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, outputsAt + 4, length).slice()));
    } catch {
      return undefined;
    }
  }

  #keep(stream: Readable | null): void {
    stream?.on("data", (bytes: Buffer) => {
      this.#printed = (this.#printed + bytes.toString("utf8").replaceAll(controls, "\ufffd")).slice(-printedBytesMax);
    });
  }

  #withPrinted(cause: string): string {
    const last = this.printed.split("\n").at(-1)?.trim() ?? "";
    return last === "" ? cause : `${cause}; its last words: ${last}`;
  }
}

function causeOf(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal === "SIGSYS") return "it made a system call that is not allowed";
  if (signal !== null) return `it crashed (${signal})`;
  return `it ended (exit code ${code})`;
}
