import { type GivenCapture, pieceBytesMax } from "#schema/given-capture.ts";

/** What a capture is given through. */
export interface CapturesApi {
  readonly begin: (name: string) => Promise<GivenCapture>;
  readonly append: (id: string, offset: number, piece: Blob) => Promise<GivenCapture>;
  readonly read: (id: string) => Promise<GivenCapture>;
}

/** A file on its way to the server. */
export interface Giving {
  readonly key: number;
  readonly name: string;
  readonly size: number;
  readonly sent: number;
  /** Known once the server has all of it. */
  readonly id: string | undefined;
  /** Why it did not get there. */
  readonly error: string | undefined;
}

const TRIES_MAX = 3;

/** Gives files to the server, one behind the other, piece by piece; goes on whatever view is open. */
export class CaptureGiver {
  readonly #api: CapturesApi;
  readonly #listeners = new Set<() => void>();
  #givings: readonly Giving[] = [];
  #last: Promise<void> = Promise.resolve();
  #keys = 0;

  constructor(api: CapturesApi) {
    this.#api = api;
  }

  readonly state = (): readonly Giving[] => this.#givings;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly give = (files: Iterable<File>): void => {
    for (const file of files) {
      const key = this.#keys++;
      this.#set([...this.#givings, { key, name: file.name, size: file.size, sent: 0, id: undefined, error: undefined }]);
      this.#last = this.#last.then(() => this.#giveOne(key, file));
    }
  };

  readonly forget = (key: number): void => this.#set(this.#givings.filter((giving) => giving.key !== key));

  async #giveOne(key: number, file: File): Promise<void> {
    try {
      const { id } = await this.#api.begin(file.name);
      for (let offset = 0; offset < file.size; offset += pieceBytesMax) {
        await this.#giveAgain(() => this.#api.append(id, offset, file.slice(offset, offset + pieceBytesMax)));
        this.#change(key, { sent: Math.min(file.size, offset + pieceBytesMax) });
      }
      await this.#api.read(id);
      this.#change(key, { id });
    } catch (error) {
      this.#change(key, { error: error instanceof Error ? error.message : String(error) });
    }
  }

  /** A piece that was taken already changes nothing, so that a broken connection costs no more than the piece. */
  async #giveAgain(give: () => Promise<unknown>): Promise<void> {
    for (let tries = 1; ; tries++) {
      try {
        await give();
        return;
      } catch (error) {
        const isRefused = error instanceof Error && "status" in error && error.status !== 0;
        if (isRefused || tries === TRIES_MAX) throw error;
      }
    }
  }

  #change(key: number, part: Partial<Giving>): void {
    this.#set(this.#givings.map((giving) => (giving.key === key ? { ...giving, ...part } : giving)));
  }

  #set(givings: readonly Giving[]): void {
    this.#givings = givings;
    for (const listener of this.#listeners) listener();
  }
}
