/**
 * What published families of remote-access tools say first over a connection of their own. Each row cites who published
 * it. Texts are as on the wire, one character a byte.
 */
interface Family {
  readonly name: string;
  readonly matches: (text: string, length: number, isClient: boolean) => boolean;
  readonly sign: string;
  readonly source: string;
}

const says =
  (pattern: RegExp): Family["matches"] =>
  (text) =>
    pattern.test(text);
const clientSays =
  (pattern: RegExp): Family["matches"] =>
  (text, _length, isClient) =>
    isClient && pattern.test(text);
const serverSays =
  (pattern: RegExp): Family["matches"] =>
  (text, _length, isClient) =>
    !isClient && pattern.test(text);

const families: readonly Family[] = [
  {
    name: "njRAT",
    matches: clientSays(/^(ll|lv|inf|inv|act|CAP)(\|'\|'\||Y262SUCZ4UJJ|\|Kimbo\|)/),
    sign: "ll|'|'|",
    source: "Fidelis Threat Advisory 1009, njRAT Uncovered (2013)",
  },
  {
    name: "LimeRAT",
    matches: says(/^[\w!?-]{1,24}\|'[LN]'\|/),
    sign: "|'L'|",
    source: "Cybaze-Yoroi ZLab, LimeRAT spreads in the wild (2019)",
  },
  {
    name: "Revenge RAT",
    matches: clientSays(/^(Information|PNC)\*?-\]NK\[-\*?/),
    sign: "-]NK[-",
    source: "MITRE ATT&CK S0379; Kaspersky, RevengeHotels (2019)",
  },
  {
    name: "STRRAT",
    matches: clientSays(/^(\d{1,6}\s*)?ping\|(STRRAT|[\w-]{2,24})\|[0-9A-F]{6,16}\|/),
    sign: "ping|STRRAT|",
    source: "G DATA, New Java STRRAT ships with .crimson ransomware module (2020)",
  },
  {
    name: "Turkojan",
    matches: says(/^(ANABILGI\|\d|ANABILGI\|[^|]*\|[A-Z]{2}\||BAGLANTI\?|BAGLIMI\?)/),
    sign: "ANABILGI|",
    source: "Emerging Threats, Turkojan C&C Initial Checkin (ANABILGI)",
  },
  {
    name: "DarkComet",
    matches: serverSays(/^(BF7CAB464EFB|8EA4AB05FA7E|1164805C82EE)/),
    sign: "IDTYPE, encrypted with the default key",
    source: "Emerging Threats, DarkComet-RAT init connection",
  },
  {
    name: "Remcos",
    // Magic, length, command: 0x4b is the first message of a client.
    matches: (text, _length, isClient) =>
      isClient && text.startsWith("\u0024\u0004\u00ff") && /^2404ff00.{4}0.004b000000/.test(hexOf(text)),
    sign: "24 04 FF 00",
    source: "Elastic Security Labs, Dissecting REMCOS RAT (2024)",
  },
  {
    name: "Bandook",
    matches: says(/^[A-Za-z0-9+/]{32,}={0,2}&&&/),
    sign: "base64 closed by &&&",
    source: "Check Point Research, Bandook: Signed & Delivered (2020)",
  },
  {
    name: "Gh0st RAT",
    matches: isGhost,
    sign: "five letters, two lengths, zlib",
    source: "Norman, The many faces of Gh0st Rat (2012); MITRE ATT&CK S0032",
  },
];

const ghostHeaderBytes = 13;
const ghostBytesMax = 1 << 20;

/** A word of five letters, the message's own length, its unpacked length, and the head of a zlib stream (RFC 1950). */
function isGhost(text: string, length: number, isClient: boolean): boolean {
  if (!isClient || length < ghostHeaderBytes + 8 || !/^[A-Za-z0-9!@#$]{5}/.test(text) || text.charCodeAt(ghostHeaderBytes) !== 0x78)
    return false;
  if (![0x01, 0x5e, 0x9c, 0xda].includes(text.charCodeAt(ghostHeaderBytes + 1))) return false;
  const packed = word(text, 5);
  return packed === length && packed < ghostBytesMax && word(text, 9) > 0 && word(text, 9) < ghostBytesMax;
}

const word = (text: string, at: number): number =>
  text.charCodeAt(at) + text.charCodeAt(at + 1) * 0x100 + text.charCodeAt(at + 2) * 0x1_0000 + text.charCodeAt(at + 3) * 0x100_0000;

export interface KnownWords {
  readonly kind: "tool" | "shell" | "code";
  readonly name: string;
  readonly sign: string;
  readonly source: string;
}

/** A shell that greets over a connection: Windows' command interpreter and PowerShell, POSIX shells without a terminal. */
const shells: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "cmd.exe", pattern: /^\s*Microsoft Windows( [\w ]{1,12})? \[[\p{L} ]{2,12} \d+\.\d+/u },
  { name: "PowerShell", pattern: /^\s*(Windows PowerShell( running as user [^\n]+)?\r?\nCopyright \(C\)|PS [A-Z]:\\[^\n]*> ?$)/ },
  {
    name: "a POSIX shell",
    pattern: /^(\w{0,4}sh(-[\d.]+[$#])?: (no job control in this shell|cannot set terminal process group|can't access tty))/,
  },
];

/** Machine code that finds its own way to the functions of Windows: the first bytes of Metasploit's and its heirs' payloads. */
const code: readonly { readonly name: string; readonly pattern: RegExp }[] = [
  { name: "x86", pattern: /^(.{8})?fce8(82|86|89|8f)00000060(89e531(c0|d2|db)|31(c0|d2|db)89e5)648b/ },
  { name: "x64", pattern: /^(.{8})?fc4883e4f0e8c[0-9a-c]00000041514150/ },
  { name: "a library that loads itself", pattern: /^.{4}[0-3].004d5a(4152554889e5|e8000000005b)/ },
];

/** What the first bytes of a side are known as; undefined for nothing. `length` is that of all that came at once. */
export function knownWords(text: string, length: number, isClient: boolean): KnownWords | undefined {
  const plain = unframed(text);
  const family = families.find(({ matches }) => matches(plain, length, isClient));
  if (family !== undefined) return { kind: "tool", name: family.name, sign: family.sign, source: family.source };
  const shell = shells.find(({ pattern }) => pattern.test(text));
  if (shell !== undefined) return { kind: "shell", name: shell.name, sign: firstLine(text), source: "the shell's own greeting" };
  if (text.charCodeAt(0) !== 0xfc && text.charCodeAt(4) !== 0xfc && !text.startsWith("MZ", 4)) return undefined;
  const bytes = hexOf(text);
  const found = code.find(({ pattern }) => pattern.test(bytes));
  if (found === undefined) return undefined;
  return { kind: "code", name: found.name, sign: "first bytes of a payload", source: "Metasploit Framework, block_api and stages" };
}

const firstLine = (text: string): string => (text.trim().split(/[\r\n]/, 1)[0] as string).slice(0, 80);

/** Without the decimal length and the zero byte that many tools put before a message. */
function unframed(text: string): string {
  const end = text.indexOf("\u0000");
  return end > 0 && end <= 7 && /^\d+$/.test(text.slice(0, end)) ? text.slice(end + 1) : text;
}

/** Bytes that patterns of machine code look at. */
const codeBytes = 24;
const hexOf = (text: string): string =>
  Array.from(text.slice(0, codeBytes), (sign) => sign.charCodeAt(0).toString(16).padStart(2, "0")).join("");
