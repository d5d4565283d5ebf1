import type { Head } from "./head.ts";
import { Header } from "./header-names.ts";
import type { Trouble } from "./troubles.ts";

/** How the end of a body is found (RFC 9112 §6.3). */
export const Framing = { none: 0, length: 1, chunked: 2, close: 3 } as const;
export type Framing = (typeof Framing)[keyof typeof Framing];

export interface BodyPlan {
  readonly framing: Framing;
  /** Content-Length, 0 when another framing holds. */
  readonly length: number;
  /** What is wrong with the headers that say so. */
  readonly trouble: Trouble | undefined;
}

const NONE: BodyPlan = { framing: Framing.none, length: 0, trouble: undefined };
const CLOSE: BodyPlan = { framing: Framing.close, length: 0, trouble: undefined };
const CHUNKED: BodyPlan = { framing: Framing.chunked, length: 0, trouble: undefined };

/** A request without both headers has no body. */
export const requestBody = (head: Head): BodyPlan => announced(head) ?? NONE;

/** `bodyless` for what never has a body: the answer to HEAD, 1xx, 204, 304. */
export const responseBody = (head: Head, bodyless: boolean): BodyPlan => (bodyless ? NONE : (announced(head) ?? CLOSE));

function announced(head: Head): BodyPlan | undefined {
  const lengths = head.times(Header.contentLength);
  const coding = head.text(Header.transferEncoding);
  if (coding !== undefined && coding.toLowerCase().trim() !== "identity") {
    // Receivers that are as lenient as libhtp take every value that has the word in it.
    if (!head.isChunked) return { ...CLOSE, trouble: "codingInvalid" };
    if (!/(^|[,\s])"?chunked"?[\s,]*$/i.test(coding)) return { ...CHUNKED, trouble: "codingInvalid" };
    return lengths > 0 ? { ...CHUNKED, trouble: "lengthAndCoding" } : CHUNKED;
  }
  if (lengths === 0) return undefined;
  const plain = head.plainLength;
  if (plain >= 0 && lengths === 1) return { framing: Framing.length, length: plain, trouble: undefined };
  const text = head.text(Header.contentLength) as string;
  const digits = /^\+?(\d{1,15})(?=$|[\s,])/.exec(text)?.[1];
  if (digits === undefined) return { ...CLOSE, trouble: "lengthInvalid" };
  const trouble = lengths > 1 ? "lengthDuplicate" : undefined;
  return { framing: Framing.length, length: Number(digits), trouble };
}
