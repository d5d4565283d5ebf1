/**
 * A rule as the engine judges it: what the language says, checked and resolved. `parse.ts` turns text into it,
 * `judge/` answers whether packets, streams and transactions fulfil it. Inert data: one set of signatures is shared by
 * all partitions of a thread.
 *
 * Suricata's words are explained in its manual, chapter "Suricata Rules"; the names of the members below are its words.
 */

import type { Effect, Suppression, Threshold, XbitTrack } from "./effect.ts";
import type { PacketField } from "./packet-field.ts";

export type Action = "alert" | "pass" | "drop" | "reject" | "rejectsrc" | "rejectdst" | "rejectboth" | "config";

/** A place in the text of a rule file, for messages. */
export interface Place {
  /** File that the rule stands in; empty when it has none. */
  readonly file: string;
  /** From 1. A rule that is continued with a backslash has the line that it begins at. */
  readonly line: number;
  /** From 1, in the rule's text as one line. */
  readonly column: number;
}

/** Addresses of one side of a header. IPv4 is one word, IPv6 four, in network order as in the flow record (int32). */
export interface AddressSet {
  /** True for `any`. */
  readonly any: boolean;
  has(words: Int32Array, at: number, ipv6: boolean): boolean;
}

export interface PortSet {
  readonly any: boolean;
  /** The one port that it holds, when it is only one. */
  readonly only?: number;
  has(port: number): boolean;
}

/**
 * What the header's protocol demands of a packet. `tcp-pkt` and `tcp-stream` say where contents are looked for;
 * `pkthdr` also meets packets that have no IP header.
 */
export type Layer = "ip" | "ipv4" | "ipv6" | "tcp" | "tcp-pkt" | "tcp-stream" | "udp" | "icmp" | "icmpv4" | "icmpv6" | "sctp" | "pkthdr";

export interface Header {
  readonly layer: Layer;
  /** Application protocol that the rule is about: from the header, or demanded by its words. Several for `http` (http1 and http2). */
  readonly applications: readonly string[];
  readonly source: AddressSet;
  readonly sourcePorts: PortSet;
  readonly target: AddressSet;
  readonly targetPorts: PortSet;
  /** `<>`: also the other way round. */
  readonly both: boolean;
  /** `=>` of Suricata 8: a transaction rule that may look at both directions. */
  readonly transactional: boolean;
}

/** A number in a rule: written there, or the name of a variable that `byte_extract` or `byte_math` set before. */
export type Value = number | { readonly variable: string };

/** Comparison of unsigned integers, as most number words have it. `range`: low < x < high; `notRange`: outside of it. */
export type NumberTest =
  | { readonly operator: "=" | "!=" | "<" | "<=" | ">" | ">="; readonly value: number | bigint }
  | { readonly operator: "range" | "notRange"; readonly low: number | bigint; readonly high: number | bigint }
  /** `&0x40`: any of the bits; `!&`: none; `=`-forms of flags words: all bits. */
  | { readonly operator: "&" | "!&" | "all"; readonly value: number | bigint }
  /** `&0xf0=0x40`: the bits of `mask` are as in `value`. */
  | { readonly operator: "masked" | "notMasked"; readonly mask: number | bigint; readonly value: number | bigint };

/** A literal to be found. */
export interface Content {
  readonly type: "content";
  /** Lower case already when `nocase`. */
  readonly literal: Uint8Array;
  readonly nocase: boolean;
  readonly negated: boolean;
  /** From the buffer's beginning. */
  readonly offset: Value;
  /** Bytes from `offset` within which the whole literal lies; `undefined`: no limit. */
  readonly depth: Value | undefined;
  /** True when `distance` or `within` count from the end of the previous match. */
  readonly relative: boolean;
  readonly distance: Value;
  readonly within: Value | undefined;
  /** The literal ends where the buffer ends. */
  readonly endswith: boolean;
  /** `fast_pattern`; `only`: looked at by the prefilter alone (Suricata decides that by itself; here it is judged again all the same). */
  readonly fastPattern: boolean;
  /** `fast_pattern:OFFSET,LENGTH`: part of the literal that the prefilter looks for. */
  readonly chop: { readonly offset: number; readonly length: number } | undefined;
}

export interface PcreTest {
  readonly type: "pcre";
  readonly negated: boolean;
  /** R: from the end of the previous match. */
  readonly relative: boolean;
  /** The text behind the slashes' beginning, for messages. */
  readonly pattern: string;
  /** Compiled by `engine/match/pcre.ts`. */
  readonly compiled: CompiledPattern;
  /** `(?P<flow_x>…)` and `pcre:"/(.*)/, flow:x"`: variables that captured groups are put into. */
  readonly captures: readonly { readonly scope: "flow" | "pkt" | "alert"; readonly name: string; readonly group: number }[];
  /** A literal that every match contains, for the prefilter. */
  readonly required: { readonly literal: Uint8Array; readonly nocase: boolean } | undefined;
}

/** What the judge needs of a compiled pattern; texts have one character a byte (latin1). */
export interface CompiledPattern {
  /** First match at or behind `from`: its end and groups; `undefined` for none. `limited` of the result tells that it was given up. */
  find(
    text: string,
    from: number,
  ): { readonly index: number; readonly end: number; readonly groups: readonly (string | undefined)[] } | undefined;
}

/** How a number stands in bytes: `count` bytes of either order, or `text` digits of a base. */
export interface NumberFormat {
  readonly count: Value;
  readonly little: boolean;
  /** Byte order of the DCE/RPC message. */
  readonly dce: boolean;
  /** `auto`: plain `string`, whose base C tells by the prefix (`0x`, `0`). */
  readonly text: "hex" | "dec" | "oct" | "auto" | undefined;
}

export type ByteTest =
  | Content
  | PcreTest
  | {
      readonly type: "byte_test";
      readonly negated: boolean;
      readonly format: NumberFormat;
      readonly operator: "<" | ">" | "=" | "<=" | ">=" | "&" | "^";
      readonly value: Value;
      readonly offset: Value;
      readonly relative: boolean;
      readonly bitmask: number;
    }
  | {
      readonly type: "byte_jump";
      readonly format: NumberFormat;
      readonly offset: Value;
      readonly relative: boolean;
      readonly multiplier: number;
      readonly align: boolean;
      readonly from: "here" | "beginning" | "end";
      readonly postOffset: Value;
      readonly bitmask: number;
    }
  | {
      readonly type: "byte_extract";
      readonly format: NumberFormat;
      readonly offset: Value;
      readonly relative: boolean;
      readonly variable: string;
      readonly multiplier: number;
      readonly align: 0 | 2 | 4;
    }
  | {
      readonly type: "byte_math";
      readonly format: NumberFormat;
      readonly offset: Value;
      readonly relative: boolean;
      readonly operator: "+" | "-" | "*" | "/" | "<<" | ">>";
      readonly value: Value;
      readonly result: string;
      readonly bitmask: number;
    }
  | { readonly type: "isdataat"; readonly negated: boolean; readonly at: Value; readonly relative: boolean; readonly raw: boolean }
  | {
      readonly type: "bsize";
      readonly test: NumberTest | { readonly operator: "variable"; readonly compare: "=" | "<" | ">"; readonly variable: string };
    }
  | {
      readonly type: "entropy";
      readonly bytes: number;
      readonly offset: number;
      readonly operator: "<" | ">" | "=" | "<=" | ">=" | "!=";
      readonly value: number;
    }
  /** `set` holds when the value is not in the list yet, `unset` when it is; the effect of the same name changes the list. */
  | { readonly type: "dataset"; readonly name: string; readonly check: "isset" | "isnotset" | "set" | "unset" }
  | { readonly type: "datarep"; readonly name: string; readonly operator: "<" | ">" | "="; readonly value: number }
  /** ftpbounce, rpc: words that read the payload by themselves. */
  | { readonly type: "special"; readonly name: "ftpbounce" | "rpc"; readonly values: readonly (number | undefined)[] };

/** What happens to a buffer's bytes before they are looked at, in this order. */
export type Transform =
  | {
      readonly type:
        | "dotprefix"
        | "domain"
        | "tld"
        | "strip_whitespace"
        | "compress_whitespace"
        | "to_lowercase"
        | "to_uppercase"
        | "header_lowercase"
        | "strip_pseudo_headers"
        | "url_decode"
        | "to_md5"
        | "to_sha1"
        | "to_sha256";
    }
  | { readonly type: "xor"; readonly key: Uint8Array }
  | { readonly type: "pcrexform"; readonly compiled: CompiledPattern }
  | { readonly type: "from_base64"; readonly bytes: number; readonly offset: number; readonly mode: "rfc2045" | "rfc4648" | "strict" }
  /** A negative offset counts from the end; a negative number of bytes leaves as many at the end. */
  | { readonly type: "subslice"; readonly offset: number; readonly bytes: number | undefined; readonly truncate: boolean };

/** All tests of one buffer: they hold for the same bytes, and relative ones follow each other. */
export interface BufferTests {
  /** `payload` for a packet's or stream's own bytes; else the name of a buffer word (`http.uri`), aliases resolved. */
  readonly buffer: string;
  readonly transforms: readonly Transform[];
  readonly tests: readonly ByteTest[];
  /** `absent` of Suricata 8: the buffer does not exist (`only`), or does not exist or matches (`or`). */
  readonly absent: "only" | "or" | undefined;
  /** `base64_decode` before `base64_data`: how the bytes of another buffer are decoded. Only for buffer `base64_data`. */
  readonly base64:
    | {
        readonly from: string;
        readonly bytes: number | undefined;
        readonly offset: number;
        readonly relative: boolean;
        /** Of the buffer that is decoded. */
        readonly transforms?: readonly Transform[];
      }
    | undefined;
  /** `http.connection:to_client` of a `=>` rule: whose message the buffer is of. */
  readonly side?: "toServer" | "toClient" | undefined;
}

/**
 * A test of a word that is a number, a set of flags or a list of texts of the transaction (`dhcp.leasetime`). A word that
 * has no value (type `flag`) is tested for being true: `text` without values.
 */
export interface WordTest {
  readonly word: string;
  readonly negated: boolean;
  readonly test:
    | NumberTest
    | { readonly operator: "text"; readonly values: readonly string[] }
    /** One of the ranges, both ends included. */
    | { readonly operator: "ranges"; readonly ranges: readonly (readonly [low: number, high: number])[] }
    /** A word with a syntax of its own, which its protocol reads: asked of the value as it stands in the event. */
    | { readonly operator: "own"; readonly holds: (value: unknown) => boolean };
  /**
   * Which of several values has to pass: any (when absent), all (`all1`: and there is one), the one at an index (negative
   * from the end), so many of them, or any or none being there.
   */
  readonly which?: "any" | "all" | "all1" | "or_absent" | { readonly index: number } | { readonly count: NumberTest };
  /** `filesize:to_client,>100` of a `=>` rule: whose message. */
  readonly side?: "toServer" | "toClient";
}

/** Tests of a packet's own headers. */
export type PacketTest =
  | {
      readonly type: "number";
      readonly field: PacketField;
      readonly test: NumberTest;
      readonly negated: boolean;
      /** Only `vlan.id`: which tag from outside, negative from inside. Any when absent. */
      readonly layer?: number | "any" | "all";
    }
  /** `flags:S+,CE`: `mode` says how the flags of `mask`ed bits compare with `value`. */
  | { readonly type: "flags"; readonly value: number; readonly ignored: number; readonly mode: "exact" | "all" | "any" | "none" }
  | { readonly type: "fragbits"; readonly value: number; readonly mode: "exact" | "all" | "any" | "none" }
  | {
      readonly type: "ipopts";
      readonly option: "rr" | "lsrr" | "eol" | "nop" | "ts" | "sec" | "ssrr" | "satid" | "any" | "esec" | "rtralt";
    }
  /** `tcpv4-csum:invalid`. */
  | {
      readonly type: "checksum";
      readonly layer: "ipv4" | "tcpv4" | "tcpv6" | "udpv4" | "udpv6" | "icmpv4" | "icmpv6" | "igmp";
      readonly valid: boolean;
    }
  | { readonly type: "sameip" }
  | {
      readonly type: "iprep";
      readonly side: "any" | "src" | "dst" | "both";
      readonly category: string;
      /** Without a score only `isnotset` holds. */
      readonly operator: "<" | ">" | "=" | "<=" | ">=" | "isset" | "isnotset";
      readonly value: number;
    }
  | {
      readonly type: "geoip";
      readonly side: "any" | "src" | "dst" | "both";
      /** ISO 3166-1 alpha-2. */
      readonly countries: readonly string[];
      /** It holds for addresses whose country is known and is none of them. */
      readonly negated: boolean;
    }
  | { readonly type: "event"; readonly layer: "decode" | "stream"; readonly event: string; readonly negated: boolean };

/** Tests of the flow that the packet or transaction belongs to. */
export type FlowTest =
  | { readonly type: "state"; readonly state: "established" | "not_established" | "stateless" }
  | { readonly type: "side"; readonly side: "to_server" | "to_client" }
  /** `flow:only_stream` and `no_stream`. */
  | { readonly type: "origin"; readonly origin: "only_stream" | "no_stream" | "only_frag" | "no_frag" }
  | {
      readonly type: "application";
      readonly protocol: string;
      readonly negated: boolean;
      readonly mode: "final" | "toserver" | "toclient" | "original" | "either";
    }
  | {
      readonly type: "counter";
      readonly counter: "age" | "pkts" | "bytes";
      readonly side: "to_server" | "to_client" | "either" | "both";
      readonly test: NumberTest;
    }
  | { readonly type: "stream_size"; readonly side: "server" | "client" | "both" | "either"; readonly test: NumberTest }
  /** `isset` and `isnotset`; several bits are joined by or. */
  | { readonly type: "flowbits"; readonly bits: readonly string[]; readonly isSet: boolean }
  | {
      readonly type: "flowint";
      readonly variable: string;
      readonly test:
        | { readonly operator: "isset" | "notset" }
        | { readonly operator: "==" | "!=" | "<" | ">" | "<=" | ">="; readonly value: number | { readonly variable: string } };
    }
  /** Bits of a host or pair, which flows share: judged last, in capture order. */
  | { readonly type: "xbits"; readonly bit: string; readonly isSet: boolean; readonly track: XbitTrack }
  | { readonly type: "app-layer-event"; readonly event: string };

/**
 * What the rule is judged on:
 * - `once`: addresses and protocol alone; told once a flow and direction.
 * - `packet`: each packet.
 * - `stream`: the bytes of TCP in order (packets outside of a stream too, unless `layer` is tcp-stream).
 * - `transaction`: words of an application protocol; told once a transaction and direction.
 * - `event`: a decoder, stream or application event; judged when it happens.
 */
export type Scope = "once" | "packet" | "stream" | "transaction" | "event";

export interface Signature {
  readonly place: Place;
  /** The rule as it was written, on one line. */
  readonly text: string;
  readonly action: Action;
  readonly header: Header;
  readonly scope: Scope;
  readonly gid: number;
  readonly sid: number;
  readonly rev: number;
  /** `msg`; empty when the rule has none. */
  readonly message: string;
  readonly classtype: string | undefined;
  /** Long name of the class: `category` of the alert. Empty when it has none. */
  readonly category: string;
  /** 1 (most severe) to 255. */
  readonly priority: number;
  readonly references: readonly { readonly system: string; readonly id: string }[];
  /** `metadata:key value, …`, values of the same key together. */
  readonly metadata: Readonly<Record<string, readonly string[]>>;
  readonly target: "src_ip" | "dest_ip" | undefined;
  readonly packetTests: readonly PacketTest[];
  readonly flowTests: readonly FlowTest[];
  readonly wordTests: readonly WordTest[];
  /** In the order of the rule. The same buffer may stand here more than once (instances of its values). */
  readonly buffers: readonly BufferTests[];
  readonly effects: readonly Effect[];
  readonly thresholds: readonly Threshold[];
  readonly suppressions: readonly Suppression[];
  readonly noalert: boolean;
  /** `prefilter` word, or nothing to filter by. */
  readonly prefilter:
    | {
        readonly buffer: string;
        readonly literal: Uint8Array;
        readonly nocase: boolean;
        /** Of the buffer, before the literal is looked for. */
        readonly transforms?: readonly Transform[];
      }
    | undefined;
  /**
   * Where contents of the payload are looked for in TCP: in each packet's own bytes, in the stream's, or in both, as
   * Suricata does when a content has a place of its own. Other protocols have packets only.
   */
  readonly payload?: "packet" | "stream" | "both" | undefined;
  /** Whose messages the rule is about, when its words or `flow` leave one side only. */
  readonly side?: "toServer" | "toClient" | undefined;
}

/** Why a rule is not in the set: told by `oddwire rules check`, and counted. */
export interface Rejection {
  readonly place: Place;
  readonly sid: number | undefined;
  /** `error`: it is wrong; `unsupported`: a word that Oddwire lacks; `skipped`: `requires` says that it is not for us. */
  readonly kind: "error" | "unsupported" | "skipped";
  readonly cause: string;
  readonly mend: string;
  readonly text: string;
}
