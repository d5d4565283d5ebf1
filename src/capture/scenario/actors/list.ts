import type { Actor } from "#capture/scenario/actor.ts";
import dnsClient from "./dns-client/index.ts";
import portScan from "./port-scan/index.ts";
import webBrowser from "./web-browser/index.ts";

/** Everybody who takes part. */
export const actors: readonly Actor[] = [dnsClient, portScan, webBrowser];
