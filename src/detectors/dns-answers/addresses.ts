import { parseAddress } from "#base/address.ts";
import type { TransactionFact } from "#contract/detector.ts";

/** Addresses that an answer gives, with the shortest time that they hold. */
export interface AddressAnswer {
  /** Name that was asked for, in lower case. */
  readonly name: string;
  /** Name that the addresses belong to, behind aliases. */
  readonly owner: string;
  readonly addresses: readonly string[];
  /** s. */
  readonly ttl: number;
  readonly isIpv6: boolean;
}

interface AnswerRecord {
  readonly rrname: string;
  readonly rrtype: string;
  readonly ttl: number;
  readonly rdata?: string;
}

/** True for an answer of DNS itself, not of a neighbour (mDNS, LLMNR). */
export const isAnswer = ({ fields }: TransactionFact): boolean =>
  fields["type"] === "answer" && fields["variant"] === undefined && fields["opcode"] === 0;

/** The IPv4 or IPv6 addresses of an answer; undefined when it has none. */
export function addressesOf({ fields }: TransactionFact): AddressAnswer | undefined {
  const { rrname, answers } = fields;
  if (typeof rrname !== "string" || !Array.isArray(answers)) return undefined;
  const addresses: string[] = [];
  let ttl = Infinity;
  let owner = rrname;
  for (const record of answers as readonly AnswerRecord[]) {
    if ((record.rrtype !== "A" && record.rrtype !== "AAAA") || record.rdata === undefined) continue;
    addresses.push(record.rdata);
    ttl = Math.min(ttl, record.ttl);
    owner = record.rrname;
  }
  return addresses.length === 0
    ? undefined
    : { name: rrname.toLowerCase(), owner: owner.toLowerCase(), addresses, ttl, isIpv6: (addresses[0] as string).includes(":") };
}

/** Where an address leads. */
export type Reach = "public" | "private" | "loopback" | "nowhere";

/** RFC 6890 and its IANA registries, as far as a name can be made to lead there. */
export function reachOf(address: string): Reach {
  const word = ipv4Word(address);
  if (word !== undefined) return reach4(word);
  const parsed = parseAddress(address);
  if (parsed === undefined) return "nowhere";
  const [first, second, third, fourth] = parsed.words;
  if (first === 0 && second === 0 && third === 0xffff) return reach4(fourth);
  if (first === 0 && second === 0 && third === 0) return fourth === 1 ? "loopback" : "nowhere";
  return first >>> 25 === 0x7e || first >>> 22 === 0x3fa ? "private" : "public";
}

function reach4(word: number): Reach {
  const first = word >>> 24;
  if (first === 127) return "loopback";
  if (first === 0 || first >= 224) return "nowhere";
  if (first === 10 || word >>> 20 === 0xac1 || word >>> 16 === 0xc0a8 || word >>> 16 === 0xa9fe || word >>> 22 === 0x191) return "private";
  return "public";
}

/** The word of an IPv4 address as the parser writes it; undefined for IPv6. Read here letter by letter, as every answer is. */
export function ipv4Word(address: string): number | undefined {
  let word = 0;
  let part = 0;
  for (let i = 0; i < address.length; i++) {
    const code = address.charCodeAt(i);
    if (code === DOT) {
      word = word * 256 + part;
      part = 0;
    } else if (code >= ZERO && code <= NINE) part = part * 10 + code - ZERO;
    else return undefined;
  }
  return word * 256 + part;
}

const [DOT, ZERO, NINE] = [0x2e, 0x30, 0x39];
