import { createContext, useContext, useSyncExternalStore } from "react";
import type { AddressBar } from "#web/shell/address-bar.ts";
import type { Route } from "#web/shell/route.ts";
import type { Api } from "./api.ts";
import type { CaptureGiver } from "./capture-giver.ts";
import type { LiveState } from "./live-state.ts";
import type { LiveStore } from "./live-store.ts";

/** What `main.tsx` makes once and every view may use. */
export interface Services {
  readonly live: LiveStore;
  readonly api: Api;
  readonly address: AddressBar;
  readonly giver: CaptureGiver;
}

const ServicesContext = createContext<Services | undefined>(undefined);
export const ServicesProvider = ServicesContext.Provider;

export function useServices(): Services {
  const services = useContext(ServicesContext);
  if (services === undefined) throw new Error("a view stands outside of ServicesProvider");
  return services;
}

/** The live state; the view renders again at most once a frame, and only when the chosen part differs. */
export function useLive<T>(choose: (state: LiveState) => T): T {
  const { live } = useServices();
  const chosen = () => choose(live.state());
  return useSyncExternalStore(live.subscribe, chosen, chosen);
}

export function useRoute(): Route {
  const { address } = useServices();
  return useSyncExternalStore(address.subscribe, address.route);
}

export const useGo = (): AddressBar["go"] => useServices().address.go;
