/*
 * Raw DEFLATE (RFC 1951). Bodies of Lantern are short, so this is written to be read: codes are decoded bit by bit, by
 * counting how many codes of each length there are (section 3.2.2).
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include "inflate.h"

#include <string.h>

enum { CODE_BITS_MAX = 15, LITERALS_MAX = 288, DISTANCES_MAX = 32, END_OF_BLOCK = 256 };

/* What is read and written. `failed` stays set; all reading answers 0 then. */
typedef struct Stream {
  const uint8_t* in;
  uint32_t in_size;
  uint32_t bit; /* of `in`, the next one */
  uint8_t* out;
  uint32_t room;
  uint32_t length;
  int failed;
} Stream;

/* A canonical code: how many symbols have each length, and the symbols by length, then by value. */
typedef struct Code {
  uint16_t count[CODE_BITS_MAX + 1];
  uint16_t symbols[LITERALS_MAX];
} Code;

static uint32_t bits(Stream* stream, uint32_t wanted) {
  uint32_t value = 0;
  for (uint32_t at = 0; at < wanted; at++, stream->bit++) {
    if (stream->bit / 8 >= stream->in_size) {
      stream->failed = 1;
      return 0;
    }
    value |= (uint32_t)(stream->in[stream->bit / 8] >> (stream->bit % 8) & 1) << at;
  }
  return value;
}

/* Builds a code from the lengths of its symbols. Refused are lengths that no code can have, and codes with gaps unless
 * none is longer than `gaps_up_to` bits: whoever needs the gap then fails. */
static int build(Code* code, const uint8_t* lengths, uint32_t symbols, uint32_t gaps_up_to) {
  uint16_t next[CODE_BITS_MAX + 1];
  int32_t left = 1;
  uint32_t longest = 0;
  memset(code->count, 0, sizeof code->count);
  for (uint32_t symbol = 0; symbol < symbols; symbol++) code->count[lengths[symbol]]++;
  next[0] = 0;
  code->count[0] = 0;
  for (uint32_t length = 1; length <= CODE_BITS_MAX; length++) {
    left = left * 2 - code->count[length];
    if (left < 0) return 0;
    if (code->count[length] != 0) longest = length;
    next[length] = (uint16_t)(next[length - 1] + code->count[length - 1]);
  }
  if (left > 0 && longest > gaps_up_to) return 0;
  for (uint32_t symbol = 0; symbol < symbols; symbol++)
    if (lengths[symbol] != 0) code->symbols[next[lengths[symbol]]++] = (uint16_t)symbol;
  return 1;
}

static uint32_t decode(Stream* stream, const Code* code) {
  uint32_t value = 0, first = 0, index = 0;
  for (uint32_t length = 1; length <= CODE_BITS_MAX && !stream->failed; length++) {
    value = value << 1 | bits(stream, 1);
    if (value - first < code->count[length]) return code->symbols[index + value - first];
    index += code->count[length];
    first = (first + code->count[length]) << 1;
  }
  stream->failed = 1;
  return END_OF_BLOCK;
}

static void put(Stream* stream, uint8_t byte) {
  if (stream->length >= stream->room) stream->failed = 1;
  else stream->out[stream->length++] = byte;
}

static void stored(Stream* stream) {
  stream->bit = (stream->bit + 7) & ~7u;
  uint32_t length = bits(stream, 16);
  if ((bits(stream, 16) ^ length) != 0xffff) stream->failed = 1;
  for (uint32_t at = 0; at < length && !stream->failed; at++) put(stream, (uint8_t)bits(stream, 8));
}

/* Section 3.2.5. */
static const uint16_t length_base[] = {3,  4,  5,  6,  7,  8,  9,  10, 11,  13,  15,  17,  19,  23, 27,
                                       31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258};
static const uint8_t length_bits[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0};
static const uint16_t distance_base[] = {1,   2,   3,   4,   5,   7,    9,    13,   17,   25,   33,   49,   65,    97,    129,
                                         193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577};
static const uint8_t distance_bits[] = {0, 0, 0, 0, 1, 1, 2, 2,  3,  3,  4,  4,  5,  5,  6,
                                        6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13};

static void block(Stream* stream, const Code* literals, const Code* distances) {
  while (!stream->failed) {
    uint32_t symbol = decode(stream, literals);
    if (symbol == END_OF_BLOCK) return;
    if (symbol < END_OF_BLOCK) {
      put(stream, (uint8_t)symbol);
      continue;
    }
    symbol -= END_OF_BLOCK + 1;
    if (symbol >= sizeof length_bits) break;
    uint32_t length = length_base[symbol] + bits(stream, length_bits[symbol]);
    uint32_t far = decode(stream, distances);
    if (far >= sizeof distance_bits) break;
    uint32_t distance = distance_base[far] + bits(stream, distance_bits[far]);
    if (distance > stream->length) break;
    while (length-- > 0 && !stream->failed) put(stream, stream->out[stream->length - distance]);
  }
  stream->failed = 1;
}

/* Section 3.2.6. */
static void fixed(Stream* stream) {
  uint8_t lengths[LITERALS_MAX];
  Code literals, distances;
  memset(lengths, 8, 144);
  memset(lengths + 144, 9, 112);
  memset(lengths + 256, 7, 24);
  memset(lengths + 280, 8, 8);
  build(&literals, lengths, LITERALS_MAX, 0);
  memset(lengths, 5, DISTANCES_MAX);
  build(&distances, lengths, DISTANCES_MAX, 0);
  block(stream, &literals, &distances);
}

/* Section 3.2.7: the codes come first, their lengths in a code of their own. */
static void dynamic(Stream* stream) {
  static const uint8_t order[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
  uint8_t lengths[LITERALS_MAX + DISTANCES_MAX] = {0};
  Code literals, distances;
  uint32_t literal_count = bits(stream, 5) + 257;
  uint32_t distance_count = bits(stream, 5) + 1;
  uint32_t length_count = bits(stream, 4) + 4;
  for (uint32_t at = 0; at < length_count; at++) lengths[order[at]] = (uint8_t)bits(stream, 3);
  if (literal_count > 286 || distance_count > 30 || !build(&literals, lengths, 19, 0)) {
    stream->failed = 1;
    return;
  }
  memset(lengths, 0, sizeof lengths);
  for (uint32_t at = 0; at < literal_count + distance_count && !stream->failed;) {
    uint32_t symbol = decode(stream, &literals);
    if (symbol < 16) {
      lengths[at++] = (uint8_t)symbol;
      continue;
    }
    uint32_t repeat = symbol == 16 ? 3 + bits(stream, 2) : symbol == 17 ? 3 + bits(stream, 3) : 11 + bits(stream, 7);
    if ((symbol == 16 && at == 0) || at + repeat > literal_count + distance_count) {
      stream->failed = 1;
      return;
    }
    uint8_t length = symbol == 16 ? lengths[at - 1] : 0;
    while (repeat-- > 0) lengths[at++] = length;
  }
  if (stream->failed || lengths[END_OF_BLOCK] == 0 || !build(&literals, lengths, literal_count, 1) ||
      !build(&distances, lengths + literal_count, distance_count, 1)) {
    stream->failed = 1;
    return;
  }
  block(stream, &literals, &distances);
}

int32_t inflate_raw(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t out_room) {
  Stream stream = {in, in_size, 0, out, out_room, 0, 0};
  uint32_t last;
  do {
    last = bits(&stream, 1);
    switch (bits(&stream, 2)) {
      case 0: stored(&stream); break;
      case 1: fixed(&stream); break;
      case 2: dynamic(&stream); break;
      default: stream.failed = 1;
    }
  } while (!last && !stream.failed);
  return stream.failed ? -1 : (int32_t)stream.length;
}
