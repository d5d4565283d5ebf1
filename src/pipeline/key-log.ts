import { fromHex, toHex } from "#base/bytes.ts";
import type { Secrets } from "#contract/platform.ts";

/** Secrets that are kept; later ones are left out. */
export const secretsMax = 500_000;
/** Label, client's random and secret, as NSS writes them (SSLKEYLOGFILE). */
const LINE = /^([A-Z][A-Z0-9_]{2,40}) ([0-9a-fA-F]{64}) ((?:[0-9a-fA-F]{2}){16,64})\s*$/;

/** Secrets from key logs: a file of the user's, blocks of a capture. */
export class KeyLog implements Secrets {
  readonly #secrets = new Map<string, string>();

  get empty(): boolean {
    return this.#secrets.size === 0;
  }

  /** Adds the lines of a key log. Comments, and what is no line of one, are stepped over. */
  add(text: string): void {
    for (const line of text.split("\n")) {
      const match = LINE.exec(line);
      if (match === null || this.#secrets.size >= secretsMax) continue;
      const [, label, random, secret] = match as unknown as readonly [string, string, string, string];
      this.#secrets.set(`${label} ${random.toLowerCase()}`, secret);
    }
  }

  find(label: string, clientRandom: Uint8Array): Uint8Array | undefined {
    const secret = this.#secrets.get(`${label} ${toHex(clientRandom)}`);
    return secret === undefined ? undefined : fromHex(secret);
  }
}
