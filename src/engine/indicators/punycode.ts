const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;

/** A domain name as it goes over the wire: labels with characters beyond ASCII as `xn--` (RFC 3492), lower case. */
export const toAscii = (name: string): string =>
  isAscii(name)
    ? name.toLowerCase()
    : name
        .normalize("NFKC")
        .toLowerCase()
        .split(/[.。．｡]/)
        .map((label) => (isAscii(label) ? label : `xn--${encode(label)}`))
        .join(".");

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 127) return false;
  return true;
}

/** RFC 3492 section 6.3. */
function encode(label: string): string {
  const points = Array.from(label, (character) => character.codePointAt(0) as number);
  let text = String.fromCodePoint(...points.filter((point) => point < 128));
  const basic = text.length;
  let handled = basic;
  if (basic > 0) text += "-";
  let bias = 72;
  let delta = 0;
  for (let n = 128; handled < points.length; n++) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      text += variable(delta, bias);
      bias = adapt(delta, handled + 1, handled === basic);
      delta = 0;
      handled++;
    }
    delta++;
  }
  return text;
}

function variable(delta: number, bias: number): string {
  let text = "";
  let rest = delta;
  for (let k = BASE; ; k += BASE) {
    const threshold = k <= bias ? T_MIN : k >= bias + T_MAX ? T_MAX : k - bias;
    if (rest < threshold) return text + digit(rest);
    text += digit(threshold + ((rest - threshold) % (BASE - threshold)));
    rest = Math.floor((rest - threshold) / (BASE - threshold));
  }
}

const digit = (value: number): string => String.fromCharCode(value < 26 ? value + 97 : value + 22);

function adapt(delta: number, points: number, isFirst: boolean): number {
  let rest = isFirst ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return k + Math.floor(((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}
