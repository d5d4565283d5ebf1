/** Text of little-endian UTF-16, as Windows' protocols write it; half a character at the end is left out. */
export function utf16Text(bytes: Uint8Array, from: number, to: number): string {
  let text = "";
  for (let i = from; i + 2 <= to; i += 2) text += String.fromCharCode((bytes[i] as number) | ((bytes[i + 1] as number) << 8));
  return text.isWellFormed() ? text : text.toWellFormed();
}

/** The same up to the first NUL. */
export function utf16TextToNul(bytes: Uint8Array, from: number, to: number): string {
  let end = from;
  while (end + 2 <= to && (bytes[end] !== 0 || bytes[end + 1] !== 0)) end += 2;
  return utf16Text(bytes, from, Math.min(end, to));
}
