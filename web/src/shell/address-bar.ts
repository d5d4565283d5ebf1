import { basePath } from "./base-path.ts";
import { hrefOf, parseRoute, type Route } from "./route.ts";

/** The browser's address bar as a store of routes. */
export class AddressBar {
  readonly #listeners = new Set<() => void>();
  #href = "";
  #route: Route = { page: "overview" };

  /** The present route; the same object until the address changes. */
  readonly route = (): Route => {
    const href = location.pathname + location.search;
    if (href !== this.#href) {
      this.#href = href;
      this.#route = parseRoute(location.pathname.slice(basePath.length) || "/", location.search);
    }
    return this.#route;
  };

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    window.addEventListener("popstate", listener);
    return () => {
      this.#listeners.delete(listener);
      window.removeEventListener("popstate", listener);
    };
  };

  /** Goes to a route. `replace` leaves no trace in the history: for typing into a search. */
  readonly go = (to: Route, how: "push" | "replace" = "push"): void => {
    const href = hrefOf(to);
    if (href === location.pathname + location.search) return;
    if (how === "push") history.pushState({ steps: this.#steps() + 1 }, "", href);
    else history.replaceState({ steps: this.#steps() }, "", href);
    for (const listener of this.#listeners) listener();
  };

  /** Goes back to where one came from; to `fallback` when the page was opened here. */
  readonly back = (fallback: Route): void => {
    if (this.#steps() > 0) history.back();
    else this.go(fallback, "replace");
  };

  /** Steps taken inside of the page; kept with the history entry, so that a reload does not lose it. */
  #steps(): number {
    const state: unknown = history.state;
    return typeof state === "object" && state !== null && "steps" in state && typeof state.steps === "number" ? state.steps : 0;
  }
}
