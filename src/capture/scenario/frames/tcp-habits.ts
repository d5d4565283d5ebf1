import type { System } from "./endpoint.ts";

/** How the systems' SYNs differ: option order, window and scale, as their stacks send them. */
const scale: Record<System, number> = { windows: 8, linux: 7, mac: 6, phone: 6, device: 4 };
const firstWindow: Record<System, number> = { windows: 64_240, linux: 64_240, mac: 65_535, phone: 65_535, device: 14_600 };
const window: Record<System, number> = { windows: 1026, linux: 2003, mac: 2058, phone: 4096, device: 8760 };

export const synWindow = (system: System): number => firstWindow[system];
/** Unscaled window of segments behind the SYN. */
export const dataWindow = (system: System): number => window[system];

/**
 * Options of a SYN; those of a SYN/ACK keep to what `answerTo` offered. Windows offers no timestamps and accepts none.
 */
export function synOptions(system: System, version: 4 | 6, stamp: number, echo: number, answerTo: System | undefined): Uint8Array {
  const mss = version === 4 ? 1460 : 1440;
  const segment = [2, 4, mss >> 8, mss & 255];
  const wide = [3, 3, scale[system]];
  const stamped = system !== "windows" && answerTo !== "windows";
  const stamps = [8, 10, ...word(stamp), ...word(echo)];
  if (!stamped) return Uint8Array.from([...segment, 1, ...wide, 1, 1, 4, 2]);
  if (system === "linux" || system === "device") return Uint8Array.from([...segment, 4, 2, ...stamps, 1, ...wide]);
  return Uint8Array.from([...segment, 1, ...wide, 1, 1, ...stamps, 4, 2, 0, 0]);
}

const word = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
