import { assert } from "#base/assert.ts";
import type { Literal, LiteralHits, LiteralMatcher } from "#base/literal.ts";
import type { Collector } from "./hyperscan-collector.ts";
import { type LibraryNames, type LoadedLibrary, loadLibrary } from "./library.ts";

/** Debian's arm64 package of this name is Vectorscan, which has the same functions. */
const hyperscanNames: LibraryNames = {
  linux: ["libhs.so.5", "libhs.so"],
  darwin: ["libhs.5.dylib", "libhs.dylib"],
};

const MODE_BLOCK = 1;
const FLAG_CASELESS = 1;
/** A literal is told once for each scan: that bounds the memory for hits. */
const FLAG_SINGLE_MATCH = 8;
const SUCCESS = 0;
/** Arrays up to this length may live in V8's heap, where they have no address that lasts. */
const copiedBytesMax = 64;
/** An output of a call is one pointer or size. Longer than an array that V8 would keep in its heap. */
const RESULT_BYTES = 128;

interface HyperscanCalls {
  validPlatform(): number;
  version(): string;
  compile(
    texts: Uint8Array,
    flags: Uint8Array,
    ids: Uint8Array,
    lengths: Uint8Array,
    count: number,
    mode: number,
    platform: null,
    database: Uint8Array,
    error: Uint8Array,
  ): number;
  freeError(error: number): number;
  allocScratch(database: number, scratch: Uint8Array): number;
  databaseSize(database: number, bytes: Uint8Array): number;
  scratchSize(scratch: number, bytes: Uint8Array): number;
  freeScratch(scratch: number): number;
  freeDatabase(database: number): number;
  scan(database: number, data: number, bytes: number, flags: number, scratch: number, onEvent: number, context: number): number;
}

function bindCalls({ library }: LoadedLibrary & { found: true }): HyperscanCalls {
  return {
    validPlatform: library.func("int hs_valid_platform()"),
    version: library.func("const char *hs_version()"),
    compile: library.func(
      "int hs_compile_lit_multi(const void *texts, const void *flags, const void *ids, const void *lengths, unsigned int count, unsigned int mode, const void *platform, void *database, void *error)",
    ),
    freeError: library.func("int hs_free_compile_error(uintptr_t error)"),
    allocScratch: library.func("int hs_alloc_scratch(uintptr_t database, void *scratch)"),
    databaseSize: library.func("int hs_database_size(uintptr_t database, void *bytes)"),
    scratchSize: library.func("int hs_scratch_size(uintptr_t scratch, void *bytes)"),
    freeScratch: library.func("int hs_free_scratch(uintptr_t scratch)"),
    freeDatabase: library.func("int hs_free_database(uintptr_t database)"),
    scan: library.func(
      "int hs_scan(uintptr_t database, uintptr_t data, unsigned int bytes, unsigned int flags, uintptr_t scratch, uintptr_t on_event, uintptr_t context)",
    ),
  };
}

/** What a matcher holds outside V8's memory. */
interface Held {
  readonly database: number;
  readonly scratch: number;
}

/** Hyperscan of this machine, or why there is none. Each thread opens its own. */
export async function openHyperscan(): Promise<Hyperscan | { readonly found: false; readonly cause: string }> {
  const loaded = await loadLibrary(hyperscanNames);
  if (!loaded.found) return loaded;
  let calls: HyperscanCalls;
  try {
    calls = bindCalls(loaded);
  } catch (error) {
    return { found: false, cause: `${loaded.name} is too old: ${String(error)}` };
  }
  if (calls.validPlatform() !== SUCCESS) return { found: false, cause: `${loaded.name} does not run on this processor (it needs SSSE3)` };
  const { openCollector, HEAD_WORDS } = await import("./hyperscan-collector.ts");
  return new Hyperscan(loaded, calls, openCollector(), HEAD_WORDS);
}

export class Hyperscan {
  readonly found = true;
  /** Name of the file that was loaded. */
  readonly name: string;
  readonly #koffi: (LoadedLibrary & { found: true })["koffi"];
  readonly #calls: HyperscanCalls;
  readonly #collector: Collector;
  readonly #headWords: number;
  /** Gives the library's memory back when a matcher is no longer used: at a reload of the rules. */
  readonly #forgotten: FinalizationRegistry<Held>;

  constructor(loaded: LoadedLibrary & { found: true }, calls: HyperscanCalls, collector: Collector, headWords: number) {
    this.name = loaded.name;
    this.#koffi = loaded.koffi;
    this.#calls = calls;
    this.#collector = collector;
    this.#headWords = headWords;
    this.#forgotten = new FinalizationRegistry(({ database, scratch }) => {
      calls.freeScratch(scratch);
      calls.freeDatabase(database);
    });
  }

  /** What the library calls itself: `5.4.0 2021-01-26`. */
  get version(): string {
    return this.#calls.version();
  }

  /** The platform's `literals`: `undefined` when the library refuses these. */
  readonly literals = (literals: readonly Literal[]): LiteralMatcher | undefined => {
    if (literals.length === 0) return undefined;
    const database = this.#compile(literals);
    if (database === undefined) return undefined;
    const result = resultCell();
    if (this.#calls.allocScratch(database, result.bytes) !== SUCCESS) {
      this.#calls.freeDatabase(database);
      return undefined;
    }
    const held: Held = { database, scratch: result.number };
    const longest = literals.reduce((most, { bytes }) => Math.max(most, bytes.length), 0);
    const words = new Uint32Array(new ArrayBuffer((this.#headWords + Math.max(literals.length, copiedBytesMax)) * 4));
    words[1] = literals.length;
    const matcher = new HyperscanMatcher(held, words, {
      count: literals.length,
      longest,
      memoryBytes: this.#size(held) + words.byteLength,
      headWords: this.#headWords,
      calls: this.#calls,
      collector: this.#collector,
      addressOf: (bytes) => Number(this.#koffi.address(bytes)),
    });
    this.#forgotten.register(matcher, held);
    return matcher;
  };

  #compile(literals: readonly Literal[]): number | undefined {
    const count = literals.length;
    const total = literals.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const text = new Uint8Array(new ArrayBuffer(Math.max(total, RESULT_BYTES)));
    const base = this.#koffi.address(text);
    const room = (bytes: number): ArrayBuffer => new ArrayBuffer(Math.max(bytes, RESULT_BYTES));
    const texts = new BigUint64Array(room(count * 8));
    const lengths = new BigUint64Array(room(count * 8));
    const flags = new Uint32Array(room(count * 4));
    const ids = new Uint32Array(room(count * 4));
    let at = 0;
    for (const [id, { bytes, nocase }] of literals.entries()) {
      text.set(bytes, at);
      texts[id] = base + BigInt(at);
      lengths[id] = BigInt(bytes.length);
      flags[id] = FLAG_SINGLE_MATCH | (nocase ? FLAG_CASELESS : 0);
      ids[id] = id;
      at += bytes.length;
    }
    const database = resultCell();
    const error = resultCell();
    const code = this.#calls.compile(raw(texts), raw(flags), raw(ids), raw(lengths), count, MODE_BLOCK, null, database.bytes, error.bytes);
    if (error.number !== 0) this.#calls.freeError(error.number);
    // Reading the text afterwards keeps it alive over the call, which had only its address.
    return code === SUCCESS && text.length >= total ? database.number : undefined;
  }

  #size({ database, scratch }: Held): number {
    const bytes = resultCell();
    this.#calls.databaseSize(database, bytes.bytes);
    const ofDatabase = bytes.number;
    this.#calls.scratchSize(scratch, bytes.bytes);
    return ofDatabase + bytes.number;
  }
}

const raw = (array: { readonly buffer: ArrayBuffer }): Uint8Array => new Uint8Array(array.buffer);

/** Room for a pointer or a size that a call writes. */
function resultCell(): { readonly bytes: Uint8Array; readonly number: number } {
  const words = new BigUint64Array(new ArrayBuffer(RESULT_BYTES));
  return {
    bytes: new Uint8Array(words.buffer),
    get number() {
      return Number(words[0]);
    },
  };
}

interface MatcherParts {
  readonly count: number;
  readonly longest: number;
  readonly memoryBytes: number;
  readonly headWords: number;
  readonly calls: HyperscanCalls;
  readonly collector: Collector;
  readonly addressOf: (bytes: ArrayBufferLike | Uint8Array) => number;
}

/** Searches with one compiled database. Of one thread: its scratch memory is in use during a scan. */
class HyperscanMatcher implements LiteralMatcher {
  readonly count: number;
  readonly longest: number;
  readonly memoryBytes: number;
  readonly #held: Held;
  readonly #words: Uint32Array;
  readonly #wordsAddress: number;
  readonly #parts: MatcherParts;
  readonly #scratch = new Uint8Array(new ArrayBuffer(RESULT_BYTES));
  readonly #scratchAddress: number;
  /** The memory that was scanned last, held as long as its address is remembered: the next array is most often of it. */
  #memory: ArrayBufferLike = this.#scratch.buffer;
  #memoryAddress: number;

  constructor(held: Held, words: Uint32Array, parts: MatcherParts) {
    this.count = parts.count;
    this.longest = parts.longest;
    this.memoryBytes = parts.memoryBytes;
    this.#held = held;
    this.#words = words;
    this.#wordsAddress = parts.addressOf(new Uint8Array(words.buffer));
    this.#parts = parts;
    this.#scratchAddress = parts.addressOf(this.#scratch);
    this.#memoryAddress = this.#scratchAddress;
  }

  scan(bytes: Uint8Array, from: number, to: number, hits: LiteralHits): void {
    if (to <= from) return;
    const words = this.#words;
    words[0] = 0;
    this.#parts.collector.aim(words);
    const { database, scratch } = this.#held;
    const address = this.#addressOf(bytes, from, to);
    const code = this.#parts.calls.scan(database, address, to - from, 0, scratch, this.#parts.collector.address, this.#wordsAddress);
    assert(code === SUCCESS, `hs_scan refuses to work: ${code}`);
    const [count] = words;
    if (count === undefined || count === 0) return;
    hits.fit(this.count);
    const { headWords } = this.#parts;
    for (let i = 0; i < count; i++) hits.add(words[headWords + i] as number);
  }

  /** Where `bytes[from]` is in memory. A short array is copied first. */
  #addressOf(bytes: Uint8Array, from: number, to: number): number {
    if (bytes.length <= copiedBytesMax) {
      const length = to - from;
      for (let i = 0; i < length; i++) this.#scratch[i] = bytes[from + i] as number;
      return this.#scratchAddress;
    }
    if (bytes.buffer !== this.#memory) {
      this.#memory = bytes.buffer;
      this.#memoryAddress = this.#parts.addressOf(this.#memory);
    }
    return this.#memoryAddress + bytes.byteOffset + from;
  }
}
