/**
 * Memory that Oddwire and a plugin's process share: a few slots, each with one batch of calls on its way.
 *
 *   slot   | requests: count, records, bytes sent | answers: progress, records | outputs            | guard |
 *   host   | writes                               | reads, trusts nothing      | reads              | –     |
 *   plugin | reads, cannot write                  | writes                     | writes             | none  |
 *
 * The plugin's part comes last and ends with pages that nobody may touch: what is written past an output ends the process
 * that wrote it. A slot belongs to the one whom the channel told its number last. Offsets are bytes from the slot's first.
 */

/** Unit of protection that fits each page size of Linux. */
const PAGE_BYTES = 65_536;

export const SLOTS = 4;
/** Calls of a batch; announcements of sessions are calls too. */
export const recordsMax = 256;
/** Longest piece that a plugin is handed. */
export const pieceBytesMax = 1 << 20;

/** Requests: `count` records, then the bytes that they mean. */
export const Requests = { count: 0, records: 64, recordBytes: 80 } as const;
export const dataAt = 32_768;
/** One request; behind its head stands an `AnomPacket` or `AnomSession` as the plugin gets it. */
export const Request = { kind: 0, dataAt: 4, dataBytes: 8, structure: 16 } as const;

/** What is asked for. */
export const Ask = { decrypt: 1, opened: 2, closed: 3, players: 4 } as const;

const requestsBytes = 1_179_648;
/** Bytes that the pieces of a slot can have together. */
export const dataBytesMax: number = requestsBytes - dataAt;

export const answersAt: number = requestsBytes;
/** Answers: which record was begun last, how many are complete; then one record each. */
export const Answers = { begun: 0, complete: 4, records: 64, recordBytes: 16 } as const;
export const Answer = { status: 0, offset: 4, size: 8 } as const;
/** Nothing was begun. */
export const NONE_BEGUN = 0xffff_ffff;
/** Statuses that the host's own part of the process adds to the plugin's. */
export const Status = { wroteBeyond: -101, sizeBeyond: -102, noAddress6: -103 } as const;

export const outputsAt: number = answersAt + PAGE_BYTES;
const outputsBytes = 5 << 20;
export const outputsEnd: number = outputsAt + outputsBytes;
/** Room that each call has at least, whatever it is handed. */
const outputBytesMin = 65_536;
/** Stands behind an output's room, and has to stand there still after the call. */
export const CANARY_BYTES = 8;

export const slotBytes: number = outputsEnd + PAGE_BYTES;
export const guardBytes: number = PAGE_BYTES;
export const regionBytes: number = SLOTS * slotBytes;

/** Room for what comes of `inputBytes`, as plugin_api.h promises. */
export const roomFor = (inputBytes: number): number => Math.max(outputBytesMin, 4 * inputBytes);

/** Players: numbers first, then an `AnomPlayer` and an `AnomPlayerConnection` for each. */
export const playersAt: number = outputsAt + 16_384 * 8 + 64;

/** Bytes of the channel beside numbers of slots. */
export const Signal = { resume: 0xfe, ready: 0xf0, refused: 0xf1 } as const;
/** The process's descriptors. */
export const Descriptor = { channel: 3, memory: 4, library: 5 } as const;
