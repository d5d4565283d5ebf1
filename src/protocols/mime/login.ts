import { utf8Text } from "#base/loose-text.ts";
import { base64Text } from "./encoded-text.ts";

const userCharactersMax = 256;

/**
 * Follows a SASL exchange (RFC 4954, RFC 4616) as far as the user's name. What the client sends is read and let go;
 * passwords and digests are never kept.
 */
export class Login {
  readonly mechanism: string;
  user: string | undefined = undefined;
  #step = 0;

  constructor(mechanism: string) {
    this.mechanism = mechanism.toUpperCase().slice(0, 32);
  }

  /** One answer of the client, in Base64. */
  response(text: string): void {
    const step = this.#step++;
    if (this.user !== undefined || step > 1) return;
    const user = this.#userIn(base64Text(text), step);
    if (user !== undefined && user !== "") this.user = utf8Text(user).slice(0, userCharactersMax);
  }

  #userIn(bytes: string, step: number): string | undefined {
    switch (this.mechanism) {
      case "LOGIN":
        return step === 0 ? bytes : undefined;
      case "PLAIN": {
        const parts = bytes.split("\0");
        return parts.length === 3 ? parts[1] : undefined;
      }
      case "CRAM-MD5":
      case "CRAM-SHA1":
        return /^(.*) [0-9a-f]+$/is.exec(bytes)?.[1];
      case "DIGEST-MD5":
        return /(?:^|,)username="([^"]*)"/i.exec(bytes)?.[1];
      case "XOAUTH2":
      case "OAUTHBEARER":
        return /(?:^user=|^n,a=)([^,]*)/.exec(bytes.split("\u0001")[0] as string)?.[1];
      default:
        return this.mechanism.startsWith("SCRAM-") && step === 0 ? /(?:^|,)n=([^,]*)/.exec(bytes)?.[1] : undefined;
    }
  }
}
