/*
 * Oddwire: native plugins for game servers, ABI 5.
 *
 * A plugin is a shared library (.so, .dylib, .dll) that reads one game's packets. It exports plain C functions; two of
 * them are required:
 *
 *   AnomGetPluginInfo     who the plugin is, and which ports its game's servers listen on
 *   AnomDecryptPacket     turns what a client or server sent into packets that can be read
 *
 * The others are optional, each is used when the library exports it. This header is all that an author needs: it
 * depends on the C library's fixed-size integers alone and can be copied.
 *
 * Where a plugin runs: in a process of its own without rights: no network, no files to write, no processes, no threads,
 * and after its constructors have run no files to read either. Memory is limited (256 MiB unless configured), and so is
 * the time for a batch of calls. A crash, a hang or a write past `out` costs the call that did it; the plugin is
 * started again, without what it remembered; the sessions that are open are announced to it again, and it is shown how
 * each of them began (16 pieces, 8 KiB), so that it finds their keys. What it prints is kept, up to a limit, for
 * `oddwire plugin list`. Link statically what is not part of the C library.
 *
 * Calls come one at a time, from one thread, in the order of the capture. Numbers are in the byte order of the machine
 * except addresses, which are in network byte order. Structures grow at their end: `struct_size` says how much of them
 * the host knows; never write beyond. Memory that is handed over belongs to the host and is valid during the call.
 *
 * Copyright Oddwire contributors. SPDX-License-Identifier: Apache-2.0
 */
#ifndef ANOM_PLUGIN_API_H
#define ANOM_PLUGIN_API_H

#include <stddef.h>
#include <stdint.h>

/* What this header describes. A plugin reports the version that it was written for, 1 to 5:
 *   1  information, packets        2  names of opcodes, headers of packets        3  sessions
 *   4  players                     5  IPv6 and everything about a packet (AnomDecryptPacket6)
 * A host refuses a plugin that reports a newer version than its own, and does not use functions that came later than
 * the version that a plugin reports. */
#define ANOM_PLUGIN_ABI_VERSION 5

#ifdef __cplusplus
#define ANOM_EXTERN_C extern "C"
#else
#define ANOM_EXTERN_C
#endif

/* Stands before each exported function. */
#if defined(_WIN32) || defined(__CYGWIN__)
#define ANOM_EXPORT ANOM_EXTERN_C __declspec(dllexport)
#else
#define ANOM_EXPORT ANOM_EXTERN_C __attribute__((visibility("default")))
#endif

/* What a function answers. */
typedef int32_t AnomPluginResult;
enum {
  ANOM_OK = 0,
  ANOM_SKIP = 1,            /* nothing to tell of it: not the game's, or no key yet */
  ANOM_ERROR = -1,          /* failed, for a reason of its own */
  ANOM_ERROR_SIZE = -2,     /* `out` is too small */
  ANOM_ERROR_DATA = -3,     /* what was sent contradicts the protocol */
  ANOM_ERROR_VERSION = -4   /* the host is too old for the plugin */
};

/* Who sent a packet. */
typedef uint32_t AnomPacketDirection;
enum { ANOM_TO_SERVER = 0, ANOM_TO_CLIENT = 1 };

/* Transports, as bits. */
enum { ANOM_PROTO_TCP = 1, ANOM_PROTO_UDP = 2, ANOM_PROTO_BOTH = 3 };

#define ANOM_PORTS_MAX 16
#define ANOM_HEADER_FIELDS_MAX 16
#define ANOM_TEXT_BYTES 64

/* -- Required ------------------------------------------------------------------------------------------------------ */

/* Bits of AnomPluginInfo.flags. */
enum {
  /* AnomDecryptPacket6 is called for IPv4 too, with addresses as ::ffff:a.b.c.d. */
  ANOM_FLAG_PACKET6_ALWAYS = 1
};

typedef struct AnomPluginInfo {
  uint32_t struct_size;      /* set by the host */
  uint32_t host_abi_version; /* set by the host */
  uint32_t abi_version;      /* ANOM_PLUGIN_ABI_VERSION */
  uint32_t protocol;         /* ANOM_PROTO_TCP, ANOM_PROTO_UDP or both */
  const char* name;          /* for people: "My Game" */
  const char* game_id;       /* in events: "mygame"; a-z, 0-9, '-' and '_', at most 32 */
  uint32_t version_major;
  uint32_t version_minor;
  uint32_t version_patch;
  uint32_t num_ports;        /* entries of default_ports */
  uint16_t default_ports[ANOM_PORTS_MAX];
  uint32_t flags;            /* ANOM_FLAG_... */
  uint32_t reserved;
  const char* description;   /* one line, or NULL */
  uint64_t reserved_more[4];
} AnomPluginInfo;

/* Fills `info`, which is zeroed but for the host's fields. Texts must stay until the library is closed. */
ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info);

/*
 * Turns what was sent into packets in clear, one behind the other, each with its header as AnomGetPacketHeader
 * describes it (without one: the whole of `out` is one packet).
 *
 * `in` is a UDP datagram, or the next bytes of a TCP stream in order, cut wherever a segment ended: a plugin keeps the
 * beginning of an unfinished packet until the rest comes. `*out_size` is on entry how much `out` can hold, at least
 * 65,536 and at least 4 * in_size, and on return the length of what was written; 0 with ANOM_OK says that the
 * packet is not complete yet. The client's port is a plain number, not in network byte order.
 */
ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
                                               AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port,
                                               uint32_t server_ip);

/* -- Optional since ABI 2: opcodes and headers --------------------------------------------------------------------- */

typedef struct AnomOpcode {
  uint32_t number;
  uint32_t directions;       /* 1 to the server, 2 to the client, 3 both */
  const char* name;          /* "CMSG_MOVE" */
} AnomOpcode;

/* Points `*opcodes` to a table of `*count` entries (at most 65,536) that stays until the library is closed. */
ANOM_EXPORT AnomPluginResult AnomGetOpcodes(const AnomOpcode** opcodes, uint32_t* count);

/* What a length field counts. */
enum {
  ANOM_LENGTH_PACKET = 0,    /* the packet with its header */
  ANOM_LENGTH_BODY = 1,      /* what follows the header */
  ANOM_LENGTH_REST = 2       /* what follows the length field */
};

enum { ANOM_FIELD_UNSIGNED = 0, ANOM_FIELD_SIGNED = 1, ANOM_FIELD_FLOAT = 2 };

typedef struct AnomHeaderField {
  const char* name;          /* "sequence" */
  uint32_t offset;           /* from the packet's first byte */
  uint32_t bytes;            /* 1, 2, 4 or 8 */
  uint32_t type;             /* ANOM_FIELD_... */
  uint32_t reserved;
} AnomHeaderField;

/* The header that stands before each of the packets that AnomDecryptPacket gives back. */
typedef struct AnomPacketHeader {
  uint32_t struct_size;      /* set by the host */
  uint32_t bytes;            /* of the header */
  uint32_t big_endian;       /* 1: its numbers are big endian */
  uint32_t opcode_offset;
  uint32_t opcode_bytes;     /* 1, 2 or 4 */
  uint32_t length_offset;
  uint32_t length_bytes;     /* 1, 2 or 4; 0: what is given back is exactly one packet */
  uint32_t length_counts;    /* ANOM_LENGTH_... */
  int32_t length_adjust;     /* added to what stands there */
  uint32_t num_fields;
  AnomHeaderField fields[ANOM_HEADER_FIELDS_MAX]; /* further fields: sequence numbers, checksums, flags */
} AnomPacketHeader;

ANOM_EXPORT AnomPluginResult AnomGetPacketHeader(AnomPacketHeader* header);

/* -- Optional since ABI 3: sessions -------------------------------------------------------------------------------- */

/* A connection between a client and a server. */
typedef struct AnomSession {
  uint32_t struct_size;
  uint32_t family;           /* 4 or 6: what the addresses are */
  uint64_t session;          /* from 1, never used again */
  uint8_t client_ip[16];     /* network byte order; IPv4 as ::ffff:a.b.c.d */
  uint8_t server_ip[16];
  uint16_t client_port;      /* plain numbers */
  uint16_t server_port;
  uint32_t protocol;         /* ANOM_PROTO_TCP, ANOM_PROTO_UDP, or 0: not known */
  uint64_t time_us;          /* packet time, microseconds since 1970 */
} AnomSession;

ANOM_EXPORT void AnomSessionOpened(const AnomSession* session);

/* `reason` is a text for people. Nothing more comes of this session. */
ANOM_EXPORT void AnomSessionClosed(uint64_t session, const char* reason);

/* -- Optional since ABI 4: players --------------------------------------------------------------------------------- */

/* Bits of AnomPlayer.known: which of its members are told. */
enum { ANOM_PLAYER_LEVEL = 1, ANOM_PLAYER_POSITION = 2, ANOM_PLAYER_HEALTH = 4 };

/* Texts end with a zero byte, or fill their array. UTF-8. */
typedef struct AnomPlayer {
  uint32_t struct_size;      /* set by the host */
  uint32_t known;            /* ANOM_PLAYER_... */
  uint64_t session;          /* of AnomSession; 0: the three below tell which connection is meant */
  uint32_t client_ip;        /* network byte order */
  uint32_t server_ip;
  uint16_t client_port;
  uint16_t reserved;
  uint32_t level;
  float x, y, z;
  float health;
  float health_max;
  uint32_t reserved_more;
  char name[ANOM_TEXT_BYTES];
  char id[ANOM_TEXT_BYTES];  /* account or number, empty: none */
  char map[ANOM_TEXT_BYTES]; /* empty: none */
} AnomPlayer;

typedef struct AnomPlayerConnection {
  uint32_t struct_size;      /* set by the host */
  uint32_t has_rtt;          /* 1: rtt_ms is told */
  uint64_t packets_in;       /* to the server */
  uint64_t packets_out;
  float rtt_ms;
  uint32_t reserved;
} AnomPlayerConnection;

/* Writes numbers of players, which mean something to the plugin alone. `*count` is the room on entry, 16,384, and the
 * number of players on return. */
ANOM_EXPORT AnomPluginResult AnomListPlayers(uint64_t* players, uint32_t* count);

/* ANOM_SKIP: the player has gone meanwhile. The structure is zeroed but for struct_size. */
ANOM_EXPORT AnomPluginResult AnomGetPlayer(uint64_t player, AnomPlayer* details);

/* Statistics of a player's connection, as the plugin counts them. Used beside AnomGetPlayer. */
ANOM_EXPORT AnomPluginResult AnomGetPlayerConnection(uint64_t player, AnomPlayerConnection* connection);

/* -- Optional since ABI 5: IPv6 ------------------------------------------------------------------------------------ */

typedef struct AnomPacket {
  uint32_t struct_size;
  AnomPacketDirection direction;
  uint64_t session;          /* as AnomSession has it */
  uint8_t client_ip[16];     /* network byte order; IPv4 as ::ffff:a.b.c.d */
  uint8_t server_ip[16];
  uint16_t client_port;      /* plain numbers */
  uint16_t server_port;
  uint32_t family;           /* 4 or 6 */
  uint64_t time_us;          /* packet time, microseconds since 1970 */
} AnomPacket;

/* As AnomDecryptPacket. Without it, what is sent over IPv6 is left out. */
ANOM_EXPORT AnomPluginResult AnomDecryptPacket6(const AnomPacket* packet, const uint8_t* in, uint32_t in_size,
                                                uint8_t* out, uint32_t* out_size);

/* -- Layout, as the host reads it: 64 bit --------------------------------------------------------------------------- */

#if defined(__cplusplus) && __cplusplus >= 201103L
#define ANOM_ASSERT(condition) static_assert(condition, "layout of plugin_api.h")
#elif defined(__STDC_VERSION__) && __STDC_VERSION__ >= 201112L
#define ANOM_ASSERT(condition) _Static_assert(condition, "layout of plugin_api.h")
#else
#define ANOM_JOIN2(a, b) a##b
#define ANOM_JOIN(a, b) ANOM_JOIN2(a, b)
#define ANOM_ASSERT(condition) typedef char ANOM_JOIN(AnomLayout, __LINE__)[(condition) ? 1 : -1]
#endif

ANOM_ASSERT(sizeof(void*) == 8);
ANOM_ASSERT(sizeof(AnomPluginInfo) == 128);
ANOM_ASSERT(offsetof(AnomPluginInfo, default_ports) == 48);
ANOM_ASSERT(offsetof(AnomPluginInfo, description) == 88);
ANOM_ASSERT(sizeof(AnomOpcode) == 16);
ANOM_ASSERT(sizeof(AnomHeaderField) == 24);
ANOM_ASSERT(sizeof(AnomPacketHeader) == 424);
ANOM_ASSERT(offsetof(AnomPacketHeader, fields) == 40);
ANOM_ASSERT(sizeof(AnomSession) == 64);
ANOM_ASSERT(offsetof(AnomSession, time_us) == 56);
ANOM_ASSERT(sizeof(AnomPlayer) == 248);
ANOM_ASSERT(offsetof(AnomPlayer, name) == 56);
ANOM_ASSERT(sizeof(AnomPlayerConnection) == 32);
ANOM_ASSERT(sizeof(AnomPacket) == 64);
ANOM_ASSERT(offsetof(AnomPacket, time_us) == 56);

#endif
