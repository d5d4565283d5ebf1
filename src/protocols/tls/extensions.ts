/** Extension types that are read (IANA, TLS ExtensionType Values). */
export const Extension = {
  serverName: 0,
  supportedGroups: 10,
  pointFormats: 11,
  signatureAlgorithms: 13,
  alpn: 16,
  sessionTicket: 35,
  preSharedKey: 41,
  earlyData: 42,
  supportedVersions: 43,
  keyShare: 51,
  transportParameters: 57,
  draftTransportParameters: 0xffa5,
  encryptedClientHello: 0xfe0d,
  encryptedServerName: 0xffce,
} as const;

/** Entries kept of each list in a hello (ciphers, extensions, groups …); a hello with more is told without fingerprints. */
export const listItemsMax = 1024;

/** Values that clients send so that servers learn to ignore the unknown (RFC 8701): 0x0a0a, 0x1a1a … 0xfafa. */
export const isGrease = (value: number): boolean => (value & 0x0f0f) === 0x0a0a && value >>> 8 === (value & 0xff);

/**
 * Appends the 16-bit numbers of `view[at..end)` to `into`. Returns false when the bytes are odd or the limit cut them.
 */
export function readNumbers(view: DataView, at: number, end: number, into: number[]): boolean {
  let i = at;
  for (; i + 2 <= end && into.length < listItemsMax; i += 2) into.push(view.getUint16(i));
  return i === end;
}
