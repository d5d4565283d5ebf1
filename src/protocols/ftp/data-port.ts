/** Where a data connection goes: the port, and who waits there. */
export interface DataPort {
  readonly port: number;
  readonly mode: "active" | "passive";
}

/** Port of `h1,h2,h3,h4,p1,p2` (RFC 959 §5.3.2). */
function commaPort(text: string): number | undefined {
  const match = /(?:\d{1,3}\s*,\s*){4}(\d{1,3})\s*,\s*(\d{1,3})/.exec(text);
  if (match === null) return undefined;
  const [high, low] = [Number(match[1]), Number(match[2])];
  return high <= 255 && low <= 255 && high + low > 0 ? high * 256 + low : undefined;
}

/** Port of `|1|192.0.2.1|6275|` or `|||6446|` (RFC 2428); the mark may be any character. */
function markedPort(text: string): number | undefined {
  const match = /([!-/:-~])([^\s]*?)\1([^\s]*?)\1(\d{1,5})\1/.exec(text);
  const port = match === null ? 0 : Number(match[4]);
  return port > 0 && port <= 65_535 ? port : undefined;
}

/** The port that a command of the client's names. */
export function activePort(command: string, argument: string): DataPort | undefined {
  const port = command === "PORT" ? commaPort(argument) : command === "EPRT" ? markedPort(argument) : undefined;
  return port === undefined ? undefined : { port, mode: "active" };
}

/** The port that an answer of the server's names. */
export function passivePort(code: number, text: string): DataPort | undefined {
  const port = code === 227 ? commaPort(text) : code === 229 ? markedPort(text) : undefined;
  return port === undefined ? undefined : { port, mode: "passive" };
}
