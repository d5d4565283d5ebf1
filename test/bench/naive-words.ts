import { latin1 } from "#base/bytes.ts";
import type { AlertTaker, FlowLookup, Inspector, PacketRows } from "#contract/inspector.ts";
import { definePlugin, type Plugin } from "#contract/plugin.ts";
import type { FrameBlock } from "#contract/source.ts";

export const NAIVE_GID = 9999;
/**
 * Words of shells and uploads, as a search of substrings without regard to case looks for them in each packet: what
 * keywords in their place are measured against.
 */
export const naiveWords: readonly string[] =
  "wget,curl,netcat,nc -,bash,/bin/sh,cmd.exe,powershell,chmod,tftp,python,perl,whoami,passwd,eval(,exec,system(,base64,shell,upload,multipart/form-data,filename=,select,union,script,jndi,../,root".split(
    ",",
  );

class NaiveInspector implements Inspector {
  readonly readsStreams = false;
  readonly #alert: AlertTaker;
  readonly #told = new Map<number, Set<number>>();

  constructor(_flows: FlowLookup, alert: AlertTaker) {
    this.#alert = alert;
  }

  open(): undefined {
    return undefined;
  }
  stream(): void {
    // Packets only.
  }
  gap(): void {
    // Packets only.
  }
  event(): void {
    // Packets only.
  }
  use(): void {
    // One list.
  }

  packet(block: FrameBlock, rows: PacketRows, row: number, slot: number, side: 0 | 1): void {
    const at = rows.payload[row] as number;
    const length = rows.payloadBytes[row] as number;
    if (slot < 0 || at < 0 || length <= 0) return;
    const text = latin1(block.bytes, at, at + length).toLowerCase();
    for (const [number, word] of naiveWords.entries()) {
      if (!text.includes(word)) continue;
      const told = this.#told.get(slot) ?? new Set();
      this.#told.set(slot, told);
      if (told.has(number)) continue;
      told.add(number);
      this.#alert({
        slot,
        side,
        txId: -1,
        alert: { action: "allowed", gid: NAIVE_GID, signature_id: number, rev: 1, signature: word, category: "naive", severity: 3 },
        gate: -1,
      });
    }
  }

  flowEnd(slot: number): void {
    this.#told.delete(slot);
  }
}

export const naivePlugin: Plugin = definePlugin({
  name: "naive",
  summary: "Substrings in packets.",
  inspectors: [
    {
      name: "naive",
      isWanted: () => true,
      load: () => ({ report: { loaded: naiveWords.length, rejected: [], memoryBytes: 0 } }),
      create: (_rules, flows, alert) => new NaiveInspector(flows, alert),
      createGate: () => ({ admit: () => true, use: () => undefined }),
    },
  ],
});
