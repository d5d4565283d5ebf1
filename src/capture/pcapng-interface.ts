import type { Ledger } from "./ledger.ts";
import type { OptionCursor } from "./pcapng-options.ts";
import { TimeScale } from "./pcapng-time.ts";
import { normalLinkType } from "./walker.ts";

// draft-ietf-opsawg-pcapng, section 4.2: interface description block.
const LINK_TYPE = 8;
const SNAP_LENGTH = 12;
const OPTIONS = 16;
const NAME_OPTION = 2;
const RESOLUTION_OPTION = 9;
const OFFSET_OPTION = 14;
const RESOLUTION_DEFAULT = 6;
const NAME_BYTES_MAX = 256;

/** One interface of a section, from its description block at `at`. */
export class CaptureInterface {
  readonly linkType: number;
  /** Bytes of each frame that were to be captured; 0 for all. */
  readonly snapLength: number;
  /** Index in the source's `interfaces`. */
  readonly index: number;
  readonly scale: TimeScale;
  /** Drops told packet by packet, and the total told by statistics: two tellings of the same losses. */
  #told = 0;
  #total = 0;

  constructor(view: DataView, at: number, end: number, little: boolean, options: OptionCursor, ledger: Ledger) {
    let name = "";
    let resolution = RESOLUTION_DEFAULT;
    let offsetSeconds = 0;
    const whole = at + OPTIONS <= end;
    this.linkType = whole ? normalLinkType(view.getUint16(at + LINK_TYPE, little)) : 0;
    this.snapLength = whole ? view.getUint32(at + SNAP_LENGTH, little) : 0;
    options.begin(view, at + OPTIONS, end, little);
    while (options.next()) {
      if (options.code === NAME_OPTION) name = readName(view, options.at, options.length);
      else if (options.code === RESOLUTION_OPTION && options.length === 1) resolution = view.getUint8(options.at);
      else if (options.code === OFFSET_OPTION && options.length === 8)
        offsetSeconds =
          view.getInt32(options.at + (little ? 4 : 0), little) * 4_294_967_296 + view.getUint32(options.at + (little ? 0 : 4), little);
    }
    this.scale = new TimeScale(resolution, offsetSeconds);
    this.index = ledger.interfaceIndex(name);
  }

  /** Drops between two packets; returns by how much the interface's loss has grown. */
  addDrops(count: number): number {
    this.#told += count;
    return this.setDrops(this.#told);
  }

  /** Drops since the capture began; returns by how much the interface's loss has grown. */
  setDrops(total: number): number {
    const more = Math.max(0, total - this.#total);
    this.#total += more;
    return more;
  }
}

/** The name as text, without what would disturb a terminal or a list. */
function readName(view: DataView, at: number, length: number): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset + at, Math.min(length, NAME_BYTES_MAX)).slice();
  return new TextDecoder()
    .decode(bytes)
    .replace(/[\p{C}\p{Z}]+/gu, " ")
    .trim();
}
