import type { KindFacts } from "#schema/api.ts";
import { useServices } from "./context.ts";
import { type Loaded, useLoaded } from "./use-loaded.ts";

/** The event kinds that the server knows. */
export function useKinds(): Loaded<readonly KindFacts[]> {
  const { api } = useServices();
  return useLoaded("kinds", api.kinds);
}
