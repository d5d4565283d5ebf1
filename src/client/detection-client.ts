import type { AllowAnswer, AllowRow, NewAllow } from "#schema/allow.ts";

/** How a part of the client asks the server. */
export interface Asker {
  get<T>(address: string, signal: AbortSignal | undefined): Promise<T>;
  /** A change; a text is sent as it is. */
  change<T>(method: string, address: string, body?: object | string): Promise<T>;
}

/** What is told, and what is not. */
export class DetectionClient {
  readonly #asker: Asker;

  constructor(asker: Asker) {
    this.#asker = asker;
  }

  /** Who is never told. */
  allowed(signal?: AbortSignal): Promise<AllowAnswer> {
    return this.#asker.get("/api/v1/findings/allow", signal);
  }

  /** Never tells of somebody again, from now on. */
  allow(entry: NewAllow): Promise<AllowRow> {
    return this.#asker.change("POST", "/api/v1/findings/allow", entry);
  }

  /** Tells of somebody again. */
  disallow(entry: string): Promise<{ readonly done: true }> {
    return this.#asker.change("DELETE", "/api/v1/findings/allow", { entry });
  }
}
