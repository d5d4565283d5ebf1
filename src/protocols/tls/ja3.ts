import { toHex } from "#base/bytes.ts";
import type { Platform } from "#contract/platform.ts";
import type { ClientHello } from "./client-hello.ts";
import { isGrease } from "./extensions.ts";
import type { ServerHello } from "./server-hello.ts";

/** A fingerprint and the text that it was made of. */
export interface Ja3 {
  readonly hash: string;
  readonly string: string;
}

/** JA3 (Salesforce, BSD-3): version, ciphers, extensions, groups, point formats in their order, GREASE left out. */
export function ja3(hello: ClientHello, platform: Platform): Ja3 {
  const lists = [hello.ciphers, hello.extensions, hello.groups].map(decimals).join(",");
  return hashed(`${hello.legacyVersion},${lists},${hello.pointFormats.join("-")}`, platform);
}

/** JA3S: version field, chosen cipher, extensions of the server's hello. */
export function ja3s(hello: ServerHello, platform: Platform): Ja3 {
  return hashed(`${hello.legacyVersion},${hello.cipher},${decimals(hello.extensions)}`, platform);
}

const hashed = (string: string, platform: Platform): Ja3 => ({ hash: digestText("md5", string, platform), string });

function decimals(values: readonly number[]): string {
  let text = "";
  for (const value of values) if (!isGrease(value)) text += text === "" ? value : `-${value}`;
  return text;
}

/** Hexadecimal digest of a text in ASCII. Many clients share a fingerprint, so most are known already. */
export function digestText(algorithm: "md5" | "sha256", text: string, platform: Platform): string {
  return platform.remember(algorithm, text, () => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return toHex(platform.digest(algorithm, bytes, 0, bytes.length));
  });
}
