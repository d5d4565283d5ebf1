/*
 * Packets of Lantern, the example game (plugins/example/PROTOCOL.md).
 *
 * Each struct is the body of the packet whose opcode has its name, as it stands behind the header once it is decrypted
 * and unpacked. Little endian, without padding. CMSG_ go to the server, SMSG_ to the client.
 */
#ifndef LANTERN_H
#define LANTERN_H

#include <stdint.h>

#define LANTERN_NAME_BYTES 24
#define LANTERN_MAP_BYTES 16

enum LanternOpcode {
  CMSG_HELLO = 0x01,
  SMSG_KEY = 0x02,
  CMSG_LOGIN = 0x03,
  SMSG_WELCOME = 0x04,
  CMSG_PING = 0x05,
  SMSG_PONG = 0x06,
  CMSG_MOVE = 0x10,
  CMSG_ATTACK = 0x11,
  CMSG_USE_ITEM = 0x12,
  CMSG_LOOT = 0x13,
  CMSG_CHAT = 0x14,
  CMSG_TRADE = 0x15,
  CMSG_HARVEST = 0x16,
  CMSG_EMOTE = 0x17,
  CMSG_LOGOUT = 0x18,
  SMSG_WORLD_STATE = 0x20,
  SMSG_PLAYER_STATS = 0x21,
  SMSG_DAMAGE = 0x22,
  SMSG_CHAT = 0x23,
  SMSG_ITEM = 0x24
};

#pragma pack(push, 1)

/** Before each packet. */
struct lantern_header {
  uint16_t length; // counts the packet with its header @unit bytes
  uint16_t opcode;
  uint32_t sequence; // of its side, from 1
};

struct CMSG_HELLO {
  uint32_t version;
  char build[16];
};

struct SMSG_KEY {
  uint32_t key;
};

struct CMSG_LOGIN {
  uint32_t account;
  char name[LANTERN_NAME_BYTES];
  uint8_t token[16];
};

struct SMSG_WELCOME {
  uint32_t player_id;
  uint16_t level;
  char map[LANTERN_MAP_BYTES];
  float x; // @unit m @kind position
  float y; // @unit m @kind position
  float z; // @unit m @kind position
};

struct CMSG_PING {
  uint32_t client_time; // @unit ms @kind time
};

struct SMSG_PONG {
  uint32_t client_time; // what the ping said @unit ms @kind time
  uint32_t server_time; // @unit ms @kind time
};

struct CMSG_MOVE {
  uint32_t client_time; // @unit ms @kind time
  float x; // @unit m @kind position
  float y; // @unit m @kind position
  float z; // @unit m @kind position
  float heading; // @unit rad
  uint8_t flags; // 1 walks, 2 jumps, 4 swims
};

struct CMSG_ATTACK {
  uint32_t target;
  uint16_t skill;
};

struct CMSG_USE_ITEM {
  uint16_t slot;
  uint32_t item;
};

struct CMSG_LOOT {
  uint32_t target;
};

struct CMSG_CHAT {
  uint8_t channel;
  uint8_t length; // @unit bytes
  char text[]; // @count length
};

struct lantern_item {
  uint32_t item;
  uint16_t amount;
};

struct CMSG_TRADE {
  uint32_t partner;
  uint8_t count;
  struct lantern_item items[]; // @count count
};

struct CMSG_HARVEST {
  uint32_t node;
};

struct CMSG_EMOTE {
  uint16_t emote;
};

struct CMSG_LOGOUT {
  uint8_t reason;
};

struct lantern_entity {
  uint32_t id;
  float x; // @unit m @kind position
  float y; // @unit m @kind position
  float z; // @unit m @kind position
  uint16_t hp;
};

struct SMSG_WORLD_STATE {
  uint32_t tick;
  uint16_t count;
  struct lantern_entity entities[]; // @count count
};

struct SMSG_PLAYER_STATS {
  uint16_t level;
  uint16_t reserved;
  uint32_t hp; // @kind health
  uint32_t hp_max; // @kind health
  uint64_t experience;
};

struct SMSG_DAMAGE {
  uint32_t target;
  uint32_t amount;
  uint8_t critical;
};

struct SMSG_CHAT {
  uint32_t sender;
  uint8_t channel;
  uint8_t length; // @unit bytes
  char text[]; // @count length
};

struct SMSG_ITEM {
  uint16_t slot;
  struct lantern_item item;
};

#pragma pack(pop)

#endif
