import { looseText } from "#base/loose-text.ts";
import { type Edns, extendedRcode, readEdns } from "./edns.ts";
import * as header from "./header.ts";
import { NameReader } from "./name-reader.ts";
import { className, RecordClass, RecordType, typeName } from "./names.ts";
import { netbiosName } from "./netbios.ts";
import { type RecordData, readData } from "./rdata.ts";

/** Questions of one message that are told. */
export const questionsMax = 256;
/** Records of one section that are told. */
export const recordsMax = 256;
/** Characters of names that one message may yield: pointers can make much of little. */
export const messageCharactersMax = 1_048_576;

/** mDNS: the answer may come by unicast, or the record replaces what is cached (RFC 6762 §5.4, §10.2). */
const CLASS_TOP_BIT = 0x8000;

/** Which protocol speaks DNS's format: absent for DNS itself. mDNS and LLMNR write names in UTF-8. */
export type Variant = "mdns" | "llmnr" | "nbns";

export interface Question {
  rrname: string;
  rrtype: string;
  /** The name is longer than what is told. */
  truncated: boolean;
  /** Class, when it is not IN. */
  rrclass: string | undefined;
  unicast: boolean;
}

/** A record as it stands in the event. */
export interface ResourceRecord extends RecordData {
  rrname: string;
  rrtype: string;
  rrclass?: string;
  ttl: number;
  rrname_truncated?: true;
}

export interface Message {
  readonly id: number;
  readonly flags: number;
  rcode: number;
  questions: Question[];
  answers: ResourceRecord[];
  authorities: ResourceRecord[];
  additionals: ResourceRecord[];
  edns: Edns | undefined;
  /** Questions and records that the header announces beyond the limits. */
  omitted: number;
  /** The first thing that is wrong with it: Suricata's name of the anomaly. */
  trouble: string | undefined;
}

/** Reads whole messages. It keeps nothing between them, so that one serves all flows of a thread. */
export class MessageReader {
  readonly #names = new NameReader();
  #bytes: Uint8Array = new Uint8Array(0);
  #view: DataView = new DataView(this.#bytes.buffer);
  #end = 0;
  #at = 0;
  #characters = 0;
  #netbios = false;

  /** The message in `bytes[at..end)`, as far as it can be read; `undefined` when there is not even a header. */
  read(bytes: Uint8Array, view: DataView, at: number, end: number, variant: Variant | undefined): Message | undefined {
    if (end - at < header.HEADER_BYTES) return undefined;
    this.#bytes = bytes;
    this.#view = view;
    this.#end = end;
    this.#at = at + header.HEADER_BYTES;
    this.#characters = 0;
    this.#netbios = variant === "nbns";
    this.#names.begin(bytes, at, end, variant === "mdns" || variant === "llmnr");
    const flags = header.flags(view, at);
    const message: Message = {
      id: header.id(view, at),
      flags,
      rcode: flags & 15,
      questions: [],
      answers: [],
      authorities: [],
      additionals: [],
      edns: undefined,
      omitted: 0,
      trouble: undefined,
    };
    if (this.#questions(message, header.questions(view, at)))
      if (this.#records(message, message.answers, header.answers(view, at)))
        if (this.#records(message, message.authorities, header.authorities(view, at)))
          this.#records(message, message.additionals, header.additionals(view, at));
    message.trouble ??= this.#names.trouble;
    return message;
  }

  #name(at: number): string | undefined {
    const name = this.#names.read(at);
    if (name === undefined) return undefined;
    this.#characters += name.length;
    if (this.#characters > messageCharactersMax) return undefined;
    return this.#netbios ? netbiosName(name) : name;
  }

  /** False when the sections behind it can't be found. */
  #questions(message: Message, count: number): boolean {
    const view = this.#view;
    for (let i = 0; i < count; i++) {
      if (i === questionsMax) return this.#omit(message, count - i);
      const rrname = this.#name(this.#at);
      const at = this.#names.next;
      if (rrname === undefined || at + 4 > this.#end) return this.#broken(message);
      const bits = view.getUint16(at + 2);
      message.questions.push({
        rrname,
        rrtype: typeName(view.getUint16(at), this.#netbios),
        truncated: this.#names.truncated,
        rrclass: plainClass(bits),
        unicast: (bits & CLASS_TOP_BIT) !== 0,
      });
      this.#at = at + 4;
    }
    return true;
  }

  #records(message: Message, into: ResourceRecord[], count: number): boolean {
    for (let i = 0; i < count; i++) {
      if (into.length >= recordsMax) return this.#omit(message, count - i);
      if (!this.#record(message, into)) return this.#broken(message);
    }
    return true;
  }

  /** One record (RFC 1035 §4.1.3). */
  #record(message: Message, into: ResourceRecord[]): boolean {
    const view = this.#view;
    const rrname = this.#name(this.#at);
    const at = this.#names.next;
    if (rrname === undefined || at + 10 > this.#end) return false;
    const truncated = this.#names.truncated;
    const type = view.getUint16(at);
    const bits = view.getUint16(at + 2);
    const ttl = view.getUint32(at + 4);
    const data = at + 10;
    const end = data + view.getUint16(at + 8);
    if (end > this.#end) return false;
    this.#at = end;
    if (type === RecordType.opt) {
      message.edns = readEdns(bits, ttl, this.#bytes, view, data, end);
      message.rcode |= extendedRcode(ttl) << 4;
      return true;
    }
    const record: ResourceRecord = { rrname, rrtype: typeName(type, this.#netbios), ttl };
    const rrclass = plainClass(bits);
    if (rrclass !== undefined) record.rrclass = rrclass;
    if (truncated) record.rrname_truncated = true;
    into.push(record);
    if (type === RecordType.txt || (type === 99 && !this.#netbios)) return this.#strings(message, into, record, data, end);
    if (end > data && !readData(type, this.#netbios, this.#names, this.#bytes, view, data, end, record))
      message.trouble ??= "malformed_data";
    return true;
  }

  /** TXT: each of its strings is an entry, as Suricata has it. */
  #strings(message: Message, into: ResourceRecord[], first: ResourceRecord, at: number, end: number): boolean {
    const bytes = this.#bytes;
    let record = first;
    for (let i = at; i < end; ) {
      const stop = i + 1 + (bytes[i] as number);
      if (stop > end) {
        message.trouble ??= "malformed_data";
        break;
      }
      if (i > at) {
        if (into.length >= recordsMax) return this.#omit(message, 1);
        record = { ...first };
        into.push(record);
      }
      record.rdata = looseText(bytes, i + 1, stop);
      i = stop;
    }
    return true;
  }

  #broken(message: Message): boolean {
    message.trouble ??= this.#names.trouble ?? "malformed_data";
    return false;
  }

  #omit(message: Message, count: number): boolean {
    message.omitted += count;
    return false;
  }
}

/** Name of a class when it is worth telling: not IN. */
function plainClass(bits: number): string | undefined {
  const code = bits & ~CLASS_TOP_BIT;
  return code === RecordClass.internet ? undefined : className(code);
}
