import { OddwireError } from "#contract/errors.ts";
import type { FrameBlock, FrameFilter } from "#contract/source.ts";
import { type Libpcap, openLibpcap } from "#native/libpcap.ts";
import { BpfFilter } from "./bpf.ts";

/**
 * A filter for the frames of files from an expression of pcap-filter(7). Without a filter libpcap is never loaded.
 * Throws ODW_LIBPCAP_MISSING, and ODW_FILTER_BAD with libpcap's words.
 */
export async function createFrameFilter(expression: string): Promise<FrameFilter> {
  const libpcap = await openLibpcap();
  if (!libpcap.found) throw new OddwireError("ODW_LIBPCAP_MISSING", { cause: libpcap.cause });
  return new ExpressionFilter(libpcap, expression);
}

/** Link types that an expression is tried on: Ethernet, raw IP, 802.11 with radiotap. Most fit the first. */
const TRIED_TYPES = [1, 101, 127] as const;

/** LINKTYPE_ number → DLT_ number of libpcap's compiler where they differ (pcap-common.c). */
const dataLinkTypes: ReadonlyMap<number, number> = new Map([
  [100, 11],
  [101, 12],
  [102, 15],
  [103, 16],
  [106, 19],
]);

class ExpressionFilter implements FrameFilter {
  readonly #libpcap: Libpcap;
  readonly #expression: string;
  readonly #filters = new Map<number, BpfFilter | undefined>();
  #lastType = -1;
  #last: BpfFilter | undefined;

  constructor(libpcap: Libpcap, expression: string) {
    this.#libpcap = libpcap;
    this.#expression = expression;
    const causes: string[] = [];
    for (const type of TRIED_TYPES) {
      const compiled = libpcap.compile(expression, dataLinkTypes.get(type) ?? type);
      if (compiled.ok) return;
      causes.push(compiled.cause);
    }
    throw new OddwireError("ODW_FILTER_BAD", { filter: expression, cause: causes[0] });
  }

  matches(block: FrameBlock, index: number): boolean {
    const type = block.linkType[index] as number;
    if (type !== this.#lastType) this.#use(type);
    const filter = this.#last;
    return (
      filter?.matches(block.view, block.offset[index] as number, block.captured[index] as number, block.wire[index] as number) ?? false
    );
  }

  #use(type: number): void {
    if (!this.#filters.has(type)) this.#filters.set(type, this.#compile(type));
    this.#last = this.#filters.get(type);
    this.#lastType = type;
  }

  /**
   * An expression that says nothing on the capture's first link type is refused (`ether host` on raw IP); on a further
   * one it means that no frame of it passes.
   */
  #compile(type: number): BpfFilter | undefined {
    const compiled = this.#libpcap.compile(this.#expression, dataLinkTypes.get(type) ?? type);
    if (compiled.ok) return new BpfFilter(compiled.program.bytes);
    if (this.#filters.size > 0) return undefined;
    throw new OddwireError("ODW_FILTER_BAD", { filter: this.#expression, cause: `${compiled.cause} (link type ${type})` });
  }

  [Symbol.dispose](): void {
    this.#filters.clear();
    this.#lastType = -1;
    this.#last = undefined;
  }
}
