import { GrowingBytes } from "#base/growing-bytes.ts";
import type { RuleTap } from "#contract/inspector.ts";
import type { Side } from "#contract/parser.ts";

/** Bytes of the parameters of one side of a call that rules see. */
export const stubBytesMax = 102_400;

/** Parameters of a call and of its answer, put together from their fragments. They are kept only when rules want them. */
export class StubBytes {
  readonly #sides: readonly [GrowingBytes, GrowingBytes] = [new GrowingBytes(stubBytesMax), new GrowingBytes(stubBytesMax)];

  /** `undefined` when no rule looks at parameters. */
  static wantedBy(rules: RuleTap | undefined): StubBytes | undefined {
    return rules?.wants("dcerpc.stub_data") === true ? new StubBytes() : undefined;
  }

  /** A copy of the bytes is kept. */
  add(side: Side, { buffer, byteOffset }: DataView, from: number, to: number): void {
    const bytes = new Uint8Array(buffer, byteOffset + from, Math.max(0, to - from));
    this.#sides[side].add(bytes, 0, bytes.length);
  }

  /** False when the side has none. */
  give(rules: RuleTap, side: Side, txId: number): boolean {
    const { bytes, length } = this.#sides[side];
    if (length > 0) rules.value("dcerpc.stub_data", side, txId, bytes, 0, length);
    return length > 0;
  }
}
