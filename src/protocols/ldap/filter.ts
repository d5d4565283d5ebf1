import type { DerCursor } from "#base/der.ts";
import { looseText } from "#base/loose-text.ts";

/** Filters inside one another that are told. */
const depthMax = 12;
/** Longest filter that is told. */
const charactersMax = 2048;
const valueBytesMax = 256;

/** A search's filter as RFC 4515 writes it: `(&(objectClass=user)(cn=a*))`. `cursor` stands on it. */
export function filterText(cursor: DerCursor): string {
  const text = write(cursor, 0, charactersMax);
  return text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
}

/** `room` is how many characters are wanted still: hostile filters are not written out to be cut. */
function write(cursor: DerCursor, depth: number, room: number): string {
  if (depth > depthMax || room <= 0) return "(…)";
  const members = cursor.inside();
  switch (cursor.tag) {
    case 0xa0:
    case 0xa1:
    case 0xa2: {
      let text = cursor.tag === 0xa0 ? "(&" : cursor.tag === 0xa1 ? "(|" : "(!";
      while (text.length < room && members.next()) text += write(members, depth + 1, room - text.length);
      return `${text})`;
    }
    case 0xa3:
      return pair(members, "=");
    case 0xa5:
      return pair(members, ">=");
    case 0xa6:
      return pair(members, "<=");
    case 0xa8:
      return pair(members, "~=");
    case 0x87:
      return `(${value(cursor)}=*)`;
    case 0xa4:
      return substrings(members, room);
    case 0xa9:
      return extensible(members);
    default:
      return "(?)";
  }
}

const pair = (members: DerCursor, sign: string): string => {
  const name = members.next() ? value(members) : "";
  return `(${name}${sign}${members.next() ? value(members) : ""})`;
};

/** `name=first*any*last`. */
function substrings(members: DerCursor, room: number): string {
  let text = `(${members.next() ? value(members) : ""}=`;
  const parts = members.next() ? members.inside() : undefined;
  let last = 0;
  while (text.length < room && parts?.next() === true) {
    if (parts.tag !== 0x80) text += "*";
    text += value(parts);
    last = parts.tag;
  }
  return `${text}${last === 0x82 ? "" : "*"})`;
}

/** `name:dn:rule:=value`. */
function extensible(members: DerCursor): string {
  let [rule, name, wanted, dn] = ["", "", "", ""];
  while (members.next()) {
    if (members.tag === 0x81) rule = `:${value(members)}`;
    else if (members.tag === 0x82) name = value(members);
    else if (members.tag === 0x83) wanted = value(members);
    else if (members.tag === 0x84 && members.bytes[members.start] !== 0) dn = ":dn";
  }
  return `(${name}${dn}${rule}:=${wanted})`;
}

const SPECIAL: Readonly<Record<string, string>> = { "(": "\\28", ")": "\\29", "*": "\\2a", "\\": "\\5c", "\0": "\\00" };
const value = ({ bytes, start, stop }: DerCursor): string =>
  looseText(bytes, start, Math.min(stop, start + valueBytesMax)).replace(/[()*\\\0]/g, (letter) => SPECIAL[letter] as string);
