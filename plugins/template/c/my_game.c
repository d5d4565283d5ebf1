/* My Game: replace the cipher with the game's own. The guide is docs/PLUGINS.md. */
#include "plugin_api.h"

#define KEY 0x5a

ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info) {
  info->abi_version = ANOM_PLUGIN_ABI_VERSION;
  info->name = "My Game";
  info->game_id = "my_game";
  info->version_major = 0;
  info->version_minor = 1;
  info->protocol = ANOM_PROTO_TCP;
  info->default_ports[0] = 7777;
  info->num_ports = 1;
  return ANOM_OK;
}

ANOM_EXPORT AnomPluginResult AnomGetPacketHeader(AnomPacketHeader* header) {
  header->bytes = 4;
  header->opcode_offset = 2;
  header->opcode_bytes = 2;
  header->length_offset = 0;
  header->length_bytes = 2;
  header->length_counts = ANOM_LENGTH_PACKET;
  return ANOM_OK;
}

static const AnomOpcode opcodes[] = {
    {1, 1, "LOGIN"},
    {2, 2, "WELCOME"},
};

ANOM_EXPORT AnomPluginResult AnomGetOpcodes(const AnomOpcode** table, uint32_t* count) {
  *table = opcodes;
  *count = sizeof opcodes / sizeof opcodes[0];
  return ANOM_OK;
}

/* Called for each piece that a side sent. ANOM_SKIP: not the game's. */
ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
                                               AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port,
                                               uint32_t server_ip) {
  uint32_t at;
  (void)direction, (void)client_ip, (void)client_port, (void)server_ip;
  for (at = 0; at < in_size; at++) out[at] = in[at] ^ KEY;
  *out_size = in_size;
  return ANOM_OK;
}
