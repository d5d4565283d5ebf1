import { OddwireError } from "#contract/errors.ts";

/** Where the server listens. */
export type ListenAddress =
  | { readonly type: "port"; readonly host: string; readonly port: number }
  | { readonly type: "socket"; readonly path: string };

/** Reads `127.0.0.1:8080`, `[::1]:8080`, `:8080`, `8080` (both on the loopback) or `unix:/run/oddwire.sock`. */
export function parseListen(text: string): ListenAddress {
  if (text.startsWith("unix:") && text.length > 5) return { type: "socket", path: text.slice(5) };
  const match = /^(?:(?:\[([0-9a-fA-F:.]+)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text);
  const port = match === null ? Number.NaN : Number(match[3]);
  if (match === null || port > 65_535) throw new OddwireError("ODW_USAGE", { cause: `${text} is no address to listen on` });
  return { type: "port", host: match[1] ?? (match[2] || "127.0.0.1"), port };
}

/** How a person writes it into a browser; `undefined` port stands for the one in the address. */
export function addressUrl(address: ListenAddress, port: number | undefined): string {
  if (address.type === "socket") return `unix:${address.path}`;
  const everywhere = address.host === "0.0.0.0" || address.host === "::";
  const host = everywhere ? "localhost" : address.host.includes(":") ? `[${address.host}]` : address.host;
  return `http://${host}:${port ?? address.port}`;
}
