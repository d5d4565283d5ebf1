import type { ApiClient } from "#client/client.ts";
import type { LiveState } from "#client/live-connection.ts";
import type { Area } from "#tui/screen/screen.ts";
import type { Throughput } from "./throughput.ts";

/** What a view is given: the server as it is known, and the page around it. */
export interface Page {
  readonly api: ApiClient;
  readonly throughput: Throughput;
  /** The live stream, folded. */
  live(): LiveState;
  /** Events of the live stream that match from now on. */
  wish(filter: string): void;
  /** Something that is shown has changed. */
  readonly changed: () => void;
  /** One line at the bottom, until the next key. */
  say(text: string, tone?: "plain" | "good" | "bad"): void;
  /** Lets a line be typed. `done` does not hear of it when it was given up. */
  ask(label: string, text: string, done: (text: string) => void): void;
  /** Shows a flow, in the view of flows. */
  openFlow(flowId: number): void;
  /** Shows a player, in the view of players. */
  openPlayer(id: string): void;
}

/** One of the pages that the digits open. It asks the server only while it is shown. */
export interface View {
  readonly title: string;
  /** Its keys, for the bottom line. */
  hints(): string;
  show(): void;
  hide(): void;
  /** Live state has changed; only while shown. */
  told?(): void;
  /** True when it used the key. */
  key(name: string): boolean;
  /** The search that is in force; absent where there is nothing to search. */
  query?(): string;
  /** Another search; the empty text ends it. */
  search?(text: string): void;
  draw(area: Area): void;
}
