/** Puts messages together: network byte order, and lengths that are known only afterwards. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #at = 0;

  constructor(capacity = 512) {
    this.#bytes = new Uint8Array(capacity);
    this.#view = new DataView(this.#bytes.buffer);
  }

  get length(): number {
    return this.#at;
  }

  u8(...values: readonly number[]): this {
    this.#room(values.length);
    for (const value of values) this.#bytes[this.#at++] = value;
    return this;
  }

  u16(...values: readonly number[]): this {
    this.#room(values.length * 2);
    for (const value of values) {
      this.#view.setUint16(this.#at, value);
      this.#at += 2;
    }
    return this;
  }

  u32(...values: readonly number[]): this {
    this.#room(values.length * 4);
    for (const value of values) {
      this.#view.setUint32(this.#at, value);
      this.#at += 4;
    }
    return this;
  }

  bytes(value: Uint8Array): this {
    this.#room(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  /** ASCII. */
  text(value: string): this {
    this.#room(value.length);
    for (let i = 0; i < value.length; i++) this.#bytes[this.#at++] = value.charCodeAt(i);
    return this;
  }

  /** What `write` puts here, behind its length in `width` bytes. */
  sized(width: 1 | 2 | 3 | 4, write: (writer: this) => void): this {
    this.#room(width);
    const from = this.#at;
    this.#at += width;
    write(this);
    let length = this.#at - from - width;
    for (let i = width - 1; i >= 0; i--) {
      this.#bytes[from + i] = length & 255;
      length = Math.floor(length / 256);
    }
    return this;
  }

  /** A copy of what was written. */
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#at);
  }

  #room(count: number): void {
    if (this.#at + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, this.#at + count));
    larger.set(this.#bytes);
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }
}
