/** Largest piece of one request, bytes: small enough to arrive within the time that a request has, over 100 kB/s. */
export const pieceBytesMax = 1_048_576;

/** A capture that somebody gave to the page to be read: `/api/v1/captures`. */
export interface GivenCapture {
  /** Twelve hexadecimal digits; its page is `/captures/ID/`, its API `/captures/ID/api/v1`. */
  readonly id: string;
  /** As its file was called; for people only. */
  readonly name: string;
  /** Bytes that have been taken. */
  readonly bytes: number;
  /** Wall clock, microseconds since 1970. */
  readonly given_at: number;
  /** `taking`: pieces still come. `waiting`: another one is being read. */
  readonly state: "taking" | "waiting" | "reading" | "ready" | "failed";
  /** How much has been read, 0 to 1, while it is read and that is known. */
  readonly share?: number;
  readonly packets?: number;
  readonly flows?: number;
  readonly findings?: number;
  /** Why it could not be read, with what to do. */
  readonly cause?: string;
}

export interface CapturesAnswer {
  /** The newest first. */
  readonly captures: readonly GivenCapture[];
  /** Largest capture that is taken, bytes; 0 where none are taken. */
  readonly bytes_max: number;
  /** Largest piece of one request, bytes. */
  readonly piece_bytes_max: number;
}
