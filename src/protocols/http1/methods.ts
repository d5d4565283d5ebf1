/** Methods that are seen on the wire (IANA registry, WebDAV, UPnP, Subversion). */
const methods: readonly string[] = [
  "GET",
  "POST",
  "HEAD",
  "PUT",
  "DELETE",
  "OPTIONS",
  "PATCH",
  "TRACE",
  "TRACK",
  "CONNECT",
  "PROPFIND",
  "PROPPATCH",
  "MKCOL",
  "COPY",
  "MOVE",
  "LOCK",
  "UNLOCK",
  "SEARCH",
  "REPORT",
  "ACL",
  "BIND",
  "UNBIND",
  "REBIND",
  "LINK",
  "UNLINK",
  "LABEL",
  "MERGE",
  "MKACTIVITY",
  "MKCALENDAR",
  "MKWORKSPACE",
  "CHECKIN",
  "CHECKOUT",
  "UNCHECKOUT",
  "UPDATE",
  "VERSION-CONTROL",
  "BASELINE-CONTROL",
  "ORDERPATCH",
  "SUBSCRIBE",
  "UNSUBSCRIBE",
  "NOTIFY",
  "POLL",
  "BCOPY",
  "BDELETE",
  "BMOVE",
  "BPROPFIND",
  "BPROPPATCH",
  "QUERY",
  "PURGE",
  "BAN",
  "RPC_CONNECT",
  "RPC_IN_DATA",
  "RPC_OUT_DATA",
  "CCM_POST",
  "SOURCE",
  "DEBUG",
];

const byFirst: readonly (readonly string[])[] = Array.from({ length: 128 }, (_, code) =>
  methods.filter((method) => method.charCodeAt(0) === code),
);

/** True when `bytes[from..to)` is one of them. */
export function knownMethod(bytes: Uint8Array, from: number, to: number): boolean {
  for (const method of byFirst[(bytes[from] ?? 0) & 0x7f] as readonly string[])
    if (method.length === to - from && spells(method, bytes, from)) return true;
  return false;
}

function spells(text: string, bytes: Uint8Array, from: number): boolean {
  for (let i = 1; i < text.length; i++) if (text.charCodeAt(i) !== bytes[from + i]) return false;
  return true;
}
