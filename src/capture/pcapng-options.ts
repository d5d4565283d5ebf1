/** Finds an option's value: position and length. Option lists of draft-ietf-opsawg-pcapng, section 3.5. */
export class OptionCursor {
  code = 0;
  /** Where the value starts. */
  at = 0;
  length = 0;
  #view: DataView = new DataView(new ArrayBuffer(0));
  #little = true;
  #next = 0;
  #end = 0;

  begin(view: DataView, from: number, end: number, little: boolean): void {
    this.#view = view;
    this.#little = little;
    this.#next = from;
    this.#end = end;
  }

  /** Steps to the next option; false at the list's end or where it breaks off. */
  next(): boolean {
    const at = this.#next;
    if (at + 4 > this.#end) return false;
    this.code = this.#view.getUint16(at, this.#little);
    this.length = this.#view.getUint16(at + 2, this.#little);
    this.at = at + 4;
    this.#next = this.at + ((this.length + 3) & ~3);
    return this.code !== 0 && this.at + this.length <= this.#end;
  }
}
