import { isIP } from "node:net";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { OddwireError } from "#contract/errors.ts";
import { shown } from "./parameters.ts";

/**
 * Who may ask. There is no log-in: whoever reaches the address may read. What must be kept out is a page of somebody
 * else in the administrator's own browser:
 * - a name that was bent to this address (DNS rebinding) shows in the Host header: only addresses, `localhost` and
 *   configured names are answered, since a rebound name is always a name;
 * - WebSockets are not held back by the same-origin policy: the Origin header must be of this host;
 * - everything else is: no CORS header is ever sent, and `Cross-Origin-Resource-Policy` keeps answers out of other pages.
 */
export function addHostCheck(app: FastifyInstance, names: readonly string[]): void {
  const allowed = new Set(["localhost", ...names.filter((name) => name !== "").map((name) => name.toLowerCase())]);
  app.addHook("onRequest", (request, _reply, done) => {
    const host = hostName(request.headers.host ?? "");
    if (isIP(host) === 0 && !allowed.has(host)) throw new OddwireError("ODW_HOST_REFUSED", { host: shown(host) });
    done();
  });
}

/** The name without its port and brackets, in lower case: `[::1]:8080` → `::1`. */
export function hostName(host: string): string {
  const bracket = /^\[([^\]]*)\](?::\d*)?$/.exec(host);
  return (bracket === null ? host.replace(/:\d*$/, "") : (bracket[1] as string)).replace(/\.$/, "").toLowerCase();
}

/** Refuses pages of other hosts; programs send no Origin. */
export function checkOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== (host ?? "").toLowerCase())
    throw new OddwireError("ODW_ORIGIN_REFUSED", { origin: shown(origin) });
}

/** Options of helmet. Inline styles are needed by the page's component library; scripts never are. */
export const securityHeaders = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'self'"],
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", "data:"],
      connectSrc: ["'self'"],
      objectSrc: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'self'"],
      frameAncestors: ["'none'"],
    },
  },
  // Without TLS these do nothing, or lock the administrator out of plain HTTP.
  strictTransportSecurity: false,
  originAgentCluster: false,
  crossOriginOpenerPolicy: false,
  referrerPolicy: { policy: "no-referrer" },
} as const;
