/** Host and port of a `Host` header or of an absolute target. */
export interface Authority {
  readonly host: string;
  readonly port: number | undefined;
}

/** `example.com:8080` → host and port; an IPv6 address keeps its brackets. A port that is none stays away. */
export function splitHost(text: string): Authority {
  const colon = text.lastIndexOf(":");
  if (colon < 0 || text.indexOf("]", colon) >= 0) return { host: text, port: undefined };
  const digits = text.slice(colon + 1);
  const host = text.slice(0, colon);
  // Several colons without brackets: an address that somebody forgot to put into brackets.
  if (host.includes(":") && !host.endsWith("]")) return { host: text, port: undefined };
  const port = /^\d{1,5}$/.test(digits) ? Number(digits) : undefined;
  return { host, port: port !== undefined && port <= 65_535 ? port : undefined };
}

/** Authority of an absolute target (`http://user@host:port/…`); `undefined` when the target is none. */
export function targetAuthority(target: string): Authority | undefined {
  const scheme = target.indexOf("://");
  if (scheme < 1 || scheme > 8) return undefined;
  const from = scheme + 3;
  let to = from;
  while (to < target.length && !"/?#".includes(target.charAt(to))) to++;
  const authority = target.slice(from, to);
  return splitHost(authority.slice(authority.lastIndexOf("@") + 1));
}

/** Media type without its parameters, as Suricata tells it. */
export function mediaType(text: string): string {
  const semicolon = text.indexOf(";");
  return (semicolon < 0 ? text : text.slice(0, semicolon)).trim();
}

/** RFC 9110 §14.4, as Suricata tells it. */
export function contentRange(raw: string): { raw: string; start?: number; end?: number; size?: number } {
  const match = /^bytes\s+(?:(\d{1,15})-(\d{1,15})|\*)\/(?:(\d{1,15})|\*)/i.exec(raw);
  if (match === null) return { raw };
  const [, start, end, size] = match;
  return {
    raw,
    ...(start === undefined || end === undefined ? {} : { start: Number(start), end: Number(end) }),
    ...(size === undefined ? {} : { size: Number(size) }),
  };
}

/** True for a range that names bytes of a document which has them. */
export function isRange(raw: string): boolean {
  const { start, end, size } = contentRange(raw);
  if (start === undefined || end === undefined) return size !== undefined;
  return start <= end && (size === undefined || end < size);
}
