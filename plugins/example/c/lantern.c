/*
 * Lantern, the example game (plugins/example/PROTOCOL.md), as a native plugin: what a plugin of a real game does, short
 * enough to be read. Little-endian machines.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
#include <stdlib.h>
#include <string.h>

#include "inflate.h"
#include "lantern.h"
#include "plugin_api.h"

enum { HEADER_BYTES = 8, PACKET_BYTES_MAX = 8192, BODY_BYTES_MAX = 16384, STEP_MAX = 4096, SESSIONS_MAX = 4096, COMPRESSED = 0x8000 };

/* One side of a session: the beginning of a packet whose rest has not come, and the last packet's number. */
typedef struct Side {
  uint8_t rest[PACKET_BYTES_MAX];
  uint32_t rest_size;
  uint32_t last;
} Side;

typedef struct Session {
  uint64_t number;
  int has_key;
  uint32_t key;
  Side sides[2];
  AnomPlayer player;
  AnomPlayerConnection connection;
  uint32_t ping; /* client's time of the last ping */
  uint64_t ping_us;
} Session;

/* A session has the place of its number; one that comes 4,096 later takes it over. So nothing grows without end. */
static Session* sessions[SESSIONS_MAX];

static const AnomOpcode opcodes[] = {
    {CMSG_HELLO, 1, "CMSG_HELLO"},       {SMSG_KEY, 2, "SMSG_KEY"},
    {CMSG_LOGIN, 1, "CMSG_LOGIN"},       {SMSG_WELCOME, 2, "SMSG_WELCOME"},
    {CMSG_PING, 1, "CMSG_PING"},         {SMSG_PONG, 2, "SMSG_PONG"},
    {CMSG_MOVE, 1, "CMSG_MOVE"},         {CMSG_ATTACK, 1, "CMSG_ATTACK"},
    {CMSG_USE_ITEM, 1, "CMSG_USE_ITEM"}, {CMSG_LOOT, 1, "CMSG_LOOT"},
    {CMSG_CHAT, 1, "CMSG_CHAT"},         {CMSG_TRADE, 1, "CMSG_TRADE"},
    {CMSG_HARVEST, 1, "CMSG_HARVEST"},   {CMSG_EMOTE, 1, "CMSG_EMOTE"},
    {CMSG_LOGOUT, 1, "CMSG_LOGOUT"},     {SMSG_WORLD_STATE, 2, "SMSG_WORLD_STATE"},
    {SMSG_PLAYER_STATS, 2, "SMSG_PLAYER_STATS"}, {SMSG_DAMAGE, 2, "SMSG_DAMAGE"},
    {SMSG_CHAT, 2, "SMSG_CHAT"},         {SMSG_ITEM, 2, "SMSG_ITEM"},
};
enum { OPCODES = sizeof opcodes / sizeof opcodes[0] };

ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info) {
  info->abi_version = ANOM_PLUGIN_ABI_VERSION;
  info->name = "Lantern";
  info->game_id = "lantern";
  info->version_major = 1;
  info->version_minor = 0;
  info->protocol = ANOM_PROTO_BOTH;
  info->default_ports[0] = 7777;
  info->default_ports[1] = 7778;
  info->num_ports = 2;
  /* Sessions are told apart by their numbers, so that every packet is wanted with everything that is known of it. */
  info->flags = ANOM_FLAG_PACKET6_ALWAYS;
  return ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomGetOpcodes(const AnomOpcode** table, uint32_t* count) {
  *table = opcodes;
  *count = OPCODES;
  return ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomGetPacketHeader(AnomPacketHeader* header) {
  header->bytes = HEADER_BYTES;
  header->opcode_offset = 2;
  header->opcode_bytes = 2;
  header->length_offset = 0;
  header->length_bytes = 2;
  header->length_counts = ANOM_LENGTH_PACKET;
  header->num_fields = 1;
  header->fields[0].name = "sequence";
  header->fields[0].offset = 4;
  header->fields[0].bytes = 4;
  header->fields[0].type = ANOM_FIELD_UNSIGNED;
  return ANOM_OK;
}

/* -- Sessions ------------------------------------------------------------------------------------------------------ */

static Session* find_session(uint64_t number) {
  Session** place = &sessions[number % SESSIONS_MAX];
  if (*place == NULL) *place = calloc(1, sizeof(Session));
  if (*place != NULL && (*place)->number != number) {
    memset(*place, 0, sizeof(Session));
    (*place)->number = number;
  }
  return *place;
}

ANOM_EXPORT void AnomSessionOpened(const AnomSession* session) { find_session(session->session); }

ANOM_EXPORT void AnomSessionClosed(uint64_t session, const char* reason) {
  Session** place = &sessions[session % SESSIONS_MAX];
  (void)reason;
  if (*place == NULL || (*place)->number != session) return;
  free(*place);
  *place = NULL;
}

/* -- Packets ------------------------------------------------------------------------------------------------------- */

static int is_known(uint16_t opcode) {
  for (size_t at = 0; at < OPCODES; at++)
    if (opcodes[at].number == opcode) return 1;
  return 0;
}

static void crypt_body(uint8_t* body, uint32_t size, uint32_t key, uint32_t sequence, AnomPacketDirection direction) {
  uint32_t x = key ^ sequence * 0x9e3779b1u ^ (direction == ANOM_TO_CLIENT ? 0x5bd1e995u : 0);
  if (x == 0) x = 1;
  for (uint32_t at = 0; at < size; at++) {
    if (at % 4 == 0) {
      x ^= x << 13;
      x ^= x >> 17;
      x ^= x << 5;
    }
    body[at] ^= (uint8_t)(x >> at % 4 * 8);
  }
}

/* What packets tell of the player. */
static void learn(Session* session, uint16_t opcode, const uint8_t* body, uint32_t size, uint64_t time_us) {
  AnomPlayer* player = &session->player;
  if (opcode == CMSG_LOGIN && size >= sizeof(struct CMSG_LOGIN)) {
    const struct CMSG_LOGIN* login = (const struct CMSG_LOGIN*)body;
    memcpy(player->name, login->name, LANTERN_NAME_BYTES);
  } else if (opcode == SMSG_WELCOME && size >= sizeof(struct SMSG_WELCOME)) {
    const struct SMSG_WELCOME* welcome = (const struct SMSG_WELCOME*)body;
    uint32_t id = welcome->player_id, digits = 0;
    char reversed[10];
    do reversed[digits++] = (char)('0' + id % 10);
    while ((id /= 10) > 0);
    memset(player->id, 0, sizeof player->id);
    for (uint32_t at = 0; at < digits; at++) player->id[at] = reversed[digits - 1 - at];
    memcpy(player->map, welcome->map, LANTERN_MAP_BYTES);
    player->level = welcome->level;
    player->x = welcome->x, player->y = welcome->y, player->z = welcome->z;
    player->known |= ANOM_PLAYER_LEVEL | ANOM_PLAYER_POSITION;
  } else if (opcode == CMSG_MOVE && size >= sizeof(struct CMSG_MOVE)) {
    const struct CMSG_MOVE* move = (const struct CMSG_MOVE*)body;
    player->x = move->x, player->y = move->y, player->z = move->z;
    player->known |= ANOM_PLAYER_POSITION;
  } else if (opcode == SMSG_PLAYER_STATS && size >= sizeof(struct SMSG_PLAYER_STATS)) {
    const struct SMSG_PLAYER_STATS* stats = (const struct SMSG_PLAYER_STATS*)body;
    player->level = stats->level;
    player->health = (float)stats->hp;
    player->health_max = (float)stats->hp_max;
    player->known |= ANOM_PLAYER_LEVEL | ANOM_PLAYER_HEALTH;
  } else if (opcode == CMSG_PING && size >= sizeof(struct CMSG_PING)) {
    session->ping = ((const struct CMSG_PING*)body)->client_time;
    session->ping_us = time_us;
  } else if (opcode == SMSG_PONG && size >= sizeof(struct SMSG_PONG) && session->ping_us != 0 && time_us >= session->ping_us) {
    if (((const struct SMSG_PONG*)body)->client_time != session->ping) return;
    session->connection.rtt_ms = (float)(time_us - session->ping_us) / 1000.f;
    session->connection.has_rtt = 1;
  }
}

/* One whole packet: writes it in clear, returns its length, 0 when it is left out. */
static uint32_t open_packet(Session* session, const uint8_t* in, uint8_t* out, uint32_t room, const AnomPacket* packet) {
  struct lantern_header header;
  uint8_t body[PACKET_BYTES_MAX];
  memcpy(&header, in, HEADER_BYTES);
  uint16_t opcode = header.opcode & (COMPRESSED - 1);
  uint32_t size = header.length - HEADER_BYTES;
  int is_sealed = opcode != CMSG_HELLO && opcode != SMSG_KEY;
  memcpy(body, in + HEADER_BYTES, size);
  if (opcode == SMSG_KEY && size >= sizeof session->key) {
    memcpy(&session->key, body, sizeof session->key);
    session->has_key = 1;
  }
  if (is_sealed && !session->has_key) return 0;
  if (is_sealed) crypt_body(body, size, session->key, header.sequence, packet->direction);
  if (room < HEADER_BYTES + size) return 0;
  if (header.opcode & COMPRESSED) {
    uint32_t most = room - HEADER_BYTES < BODY_BYTES_MAX ? room - HEADER_BYTES : BODY_BYTES_MAX;
    int32_t unpacked = inflate_raw(body, size, out + HEADER_BYTES, most);
    if (unpacked < 0) return 0;
    size = (uint32_t)unpacked;
  } else {
    memcpy(out + HEADER_BYTES, body, size);
  }
  header.length = (uint16_t)(HEADER_BYTES + size);
  header.opcode = opcode;
  memcpy(out, &header, HEADER_BYTES);
  learn(session, opcode, out + HEADER_BYTES, size, packet->time_us);
  if (packet->direction == ANOM_TO_SERVER) session->connection.packets_in++;
  else session->connection.packets_out++;
  return header.length;
}

static AnomPluginResult open_pieces(Session* session, const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
                                    const AnomPacket* packet) {
  Side* side = &session->sides[packet->direction & 1];
  uint32_t room = *out_size, written = 0, at = 0, size = side->rest_size + in_size;
  uint8_t* given = malloc(size > 0 ? size : 1);
  if (given == NULL) return ANOM_ERROR;
  memcpy(given, side->rest, side->rest_size);
  memcpy(given + side->rest_size, in, in_size);
  while (at + HEADER_BYTES <= size) {
    struct lantern_header header;
    memcpy(&header, given + at, HEADER_BYTES);
    uint32_t step = header.sequence - side->last;
    if (header.length < HEADER_BYTES || header.length > PACKET_BYTES_MAX || !is_known(header.opcode & (COMPRESSED - 1)) || step < 1 ||
        step > STEP_MAX) {
      /* Bytes were missed: look for the next header. */
      at++;
      continue;
    }
    if (at + header.length > size) break;
    side->last = header.sequence;
    written += open_packet(session, given + at, out + written, room - written, packet);
    at += header.length;
  }
  side->rest_size = size - at;
  memcpy(side->rest, given + at, side->rest_size);
  free(given);
  *out_size = written;
  return written == 0 && !session->has_key ? ANOM_SKIP : ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomDecryptPacket6(const AnomPacket* packet, const uint8_t* in, uint32_t in_size, uint8_t* out,
                                                uint32_t* out_size) {
  Session* session = find_session(packet->session);
  return session == NULL ? ANOM_ERROR : open_pieces(session, in, in_size, out, out_size, packet);
}

/* For hosts that do not know AnomDecryptPacket6: the connection's addresses stand for the session's number. */
ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
                                               AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port,
                                               uint32_t server_ip) {
  AnomPacket packet = {0};
  packet.direction = direction;
  packet.session = ((uint64_t)client_ip << 32 | (server_ip ^ (uint32_t)client_port << 16)) * 0x9e3779b97f4a7c15u | 1;
  return AnomDecryptPacket6(&packet, in, in_size, out, out_size);
}

/* -- Players: the number of one is its session's place ---------------------------------------------------------------- */

ANOM_EXPORT AnomPluginResult AnomListPlayers(uint64_t* players, uint32_t* count) {
  uint32_t found = 0;
  for (uint32_t at = 0; at < SESSIONS_MAX && found < *count; at++)
    if (sessions[at] != NULL && sessions[at]->player.name[0] != 0) players[found++] = at;
  *count = found;
  return ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomGetPlayer(uint64_t player, AnomPlayer* details) {
  const Session* session = player < SESSIONS_MAX ? sessions[player] : NULL;
  if (session == NULL) return ANOM_SKIP;
  uint32_t struct_size = details->struct_size;
  *details = session->player;
  details->struct_size = struct_size;
  details->session = session->number;
  return ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomGetPlayerConnection(uint64_t player, AnomPlayerConnection* connection) {
  const Session* session = player < SESSIONS_MAX ? sessions[player] : NULL;
  if (session == NULL) return ANOM_SKIP;
  uint32_t struct_size = connection->struct_size;
  *connection = session->connection;
  connection->struct_size = struct_size;
  return ANOM_OK;
}
