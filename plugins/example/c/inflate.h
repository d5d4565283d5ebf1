/* Raw DEFLATE (RFC 1951), all at once. SPDX-License-Identifier: Apache-2.0 */
#ifndef LANTERN_INFLATE_H
#define LANTERN_INFLATE_H

#include <stdint.h>

/* Unpacks `in` into `out`; returns the length, or -1 when it is no DEFLATE, ends too early or does not fit `out_room`. */
int32_t inflate_raw(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t out_room);

#endif
