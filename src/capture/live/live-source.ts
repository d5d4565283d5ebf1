import type { Source } from "#contract/source.ts";
import { captureInterfaces } from "./interfaces.ts";
import { LibpcapSource } from "./libpcap-source.ts";
import type { RingOptions } from "./live-options.ts";
import { type Reopen, RingSource } from "./ring-source.ts";

/**
 * True when an interface is read through a packet ring: the kernel's network interfaces on Linux. The rest (other
 * systems, `any`, `usbmon0`) goes through libpcap, has one reader, and has to be opened before rights are given up.
 */
export const hasRing = (name: string): boolean => process.platform === "linux" && captureInterfaces().some((one) => one.name === name);

/** The source that suits the interface; not started. Make it in the thread that reads it. */
export function liveSource(options: RingOptions, reopen?: Reopen): Source {
  const ring = options.fd !== undefined || hasRing(options.interface);
  return ring ? new RingSource(options, reopen) : new LibpcapSource(options);
}
