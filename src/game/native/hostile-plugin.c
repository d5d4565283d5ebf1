/*
 * Plugins for the tests of the host, one of them for each name that is defined. Each packet's first byte counts it, so
 * that a test chooses which one goes wrong (TRIGGER); the others come back XORed with 0x5a.
 */
#define _GNU_SOURCE
#include "plugin_api.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef TRIGGER
#define TRIGGER 5
#endif
#ifndef ABI
#define ABI ANOM_PLUGIN_ABI_VERSION
#endif

static AnomSession sessions[16];
static uint32_t opened;
#if defined(LEAK) || defined(LEAK_CRASHES)
static char* volatile kept;
#endif

#ifdef SNOOP
/* What a constructor and a call can do, as letters: capital ones are what must not be possible. */
static char report[2][16];

static void try_all(char* out) {
  int fd = open("/etc/shadow", O_RDONLY);
  *out++ = fd >= 0 ? 'S' : 's';
  fd = open("/tmp/oddwire-plugin-was-here", O_WRONLY | O_CREAT, 0600);
  *out++ = fd >= 0 ? 'W' : 'w';
  fd = open("/etc/hostname", O_RDONLY);
  *out++ = fd >= 0 ? 'H' : 'h';
  *out++ = socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 'N' : 'n';
  *out++ = socket(AF_UNIX, SOCK_STREAM, 0) >= 0 ? 'U' : 'u';
  pid_t child = fork();
  if (child == 0) _exit(0);
  *out++ = child > 0 ? 'F' : 'f';
  *out++ = kill(getppid(), 0) == 0 ? 'K' : 'k';
  *out++ = setuid(0) == 0 ? 'R' : 'r';
  char* const arguments[] = {"true", NULL};
  if (getenv("HOME") != NULL || getenv("PATH") != NULL) *out++ = 'E'; else *out++ = 'e';
  execve("/bin/true", arguments, NULL);
  *out++ = errno == ENOENT ? '?' : 'x';
  pthread_t thread;
  *out++ = pthread_create(&thread, NULL, (void* (*)(void*))getpid, NULL) == 0 ? 'T' : 't';
  *out++ = ftruncate(4, 0) == 0 ? 'M' : 'm';
}

__attribute__((constructor)) static void begin(void) { try_all(report[0]); }
#endif

#ifdef DIES_AT_ONCE
__attribute__((constructor)) static void begin(void) { abort(); }
#endif
#ifdef NEVER_READY
__attribute__((constructor)) static void begin(void) { for (;;) pause(); }
#endif

#ifndef NO_INFO
ANOM_EXPORT AnomPluginResult AnomGetPluginInfo(AnomPluginInfo* info) {
  info->abi_version = ABI;
  info->name = "Hostile";
  info->game_id = "hostile";
  info->version_major = 1;
  info->version_minor = 2;
  info->protocol = ANOM_PROTO_BOTH;
  info->default_ports[0] = 7777;
  info->num_ports = 1;
#ifdef MANY_PORTS
  info->num_ports = 1000;
#endif
#ifdef BAD_NAME
  info->game_id = "Not/A/Name";
#endif
#ifdef WILD_NAME
  info->name = (const char*)16;
#endif
#ifdef ALWAYS6
  info->flags = ANOM_FLAG_PACKET6_ALWAYS;
#endif
  return ANOM_OK;
}
#endif

static AnomPluginResult copy(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size) {
  for (uint32_t at = 0; at < in_size; at++) out[at] = in[at] ^ 0x5a;
  *out_size = in_size;
  return ANOM_OK;
}

#ifndef NO_DECRYPT
ANOM_EXPORT AnomPluginResult AnomDecryptPacket(const uint8_t* in, uint32_t in_size, uint8_t* out, uint32_t* out_size,
                                               AnomPacketDirection direction, uint32_t client_ip, uint16_t client_port,
                                               uint32_t server_ip) {
  int triggered = in_size > 0 && in[0] == TRIGGER;
  (void)triggered;
#ifdef KEYED
  static char has_key[65536];
  if (in_size > 0 && in[0] == 77) has_key[client_port] = 1;
  if (!triggered && !has_key[client_port]) return ANOM_SKIP;
#endif
#ifdef KILL
  if (triggered) raise(SIGSEGV);
#endif
#ifdef NULL_POINTER
  if (triggered) *(volatile int*)NULL = 1;
#endif
#ifdef HANG
  if (triggered) for (;;) __asm__ volatile("");
#endif
#ifdef EXIT
  if (triggered) _exit(0);
#endif
#ifdef SLOW
  usleep(3000);
#endif
#ifdef LEAK
  kept = malloc(1 << 20);
  if (kept != NULL) memset(kept, 1, 1 << 20);
#endif
#ifdef LEAK_CRASHES
  kept = malloc(64 << 20);
  memset(kept, 1, 64 << 20);
#endif
#ifdef SCRIBBLE_NEAR
  if (triggered) memset(out, 0xff, *out_size + 4);
#endif
#ifdef SCRIBBLE_FAR
  if (triggered) memset(out, 0xff, 64u << 20);
#endif
#ifdef SCRIBBLE_INPUT
  if (triggered) memset((void*)in, 0xff, in_size);
#endif
#ifdef SCRIBBLE_BEFORE
  /* Over the answers and their sizes, which stand before the outputs. */
  if (triggered) memset(out - 65536, 0xff, 65536);
#endif
#ifdef SIZE_LIES
  if (triggered) { *out_size = 0xfffffff0u; return ANOM_OK; }
#endif
#ifdef CHANNEL
  if (triggered) { static const char lies[] = "\1\2\3"; if (write(3, lies, 3) != 3) abort(); }
#endif
#ifdef ANSWERS
  if (in_size > 0 && in[0] > 0 && in[0] < 4) return in[0] == 1 ? ANOM_SKIP : in[0] == 2 ? ANOM_ERROR_DATA : 42;
#endif
#ifdef PRINTS
  for (int line = 0; line < 1000; line++) printf("line %d of what nobody wants to read\n", line);
  fprintf(stderr, "last words\n");
  fflush(stdout);
  if (triggered) abort();
#endif
#ifdef ARGUMENTS
  const uint8_t* c = (const uint8_t*)&client_ip;
  const uint8_t* s = (const uint8_t*)&server_ip;
  *out_size = (uint32_t)snprintf((char*)out, *out_size, "v4 %u %u.%u.%u.%u:%u %u.%u.%u.%u room %u opened %u", direction, c[0], c[1],
                                 c[2], c[3], client_port, s[0], s[1], s[2], s[3], *out_size, opened);
  return ANOM_OK;
#endif
#ifdef FULL
  *out_size = 65536;
  memset(out, in[0], 65536);
  return ANOM_OK;
#endif
#ifdef SNOOP
  if (report[1][0] == 0) try_all(report[1]);
  *out_size = (uint32_t)snprintf((char*)out, *out_size, "%.12s %.12s", report[0], report[1]);
  return ANOM_OK;
#endif
  (void)direction, (void)client_ip, (void)client_port, (void)server_ip;
  return copy(in, in_size, out, out_size);
}
#endif

#ifdef ARGUMENTS
static int text(char* out, size_t room, const uint8_t* ip) {
  int length = 0;
  for (int at = 0; at < 16; at++) length += snprintf(out + length, room - length, "%02x", ip[at]);
  return length;
}

ANOM_EXPORT AnomPluginResult AnomDecryptPacket6(const AnomPacket* packet, const uint8_t* in, uint32_t in_size, uint8_t* out,
                                                uint32_t* out_size) {
  char client[40], server[40];
  text(client, sizeof client, packet->client_ip);
  text(server, sizeof server, packet->server_ip);
  *out_size = (uint32_t)snprintf((char*)out, *out_size, "v%u %u %u %s:%u %s:%u %llu %llu in %u size %u", packet->family, in[0],
                                 packet->direction, client, packet->client_port, server, packet->server_port,
                                 (unsigned long long)packet->session, (unsigned long long)packet->time_us, in_size, packet->struct_size);
  return ANOM_OK;
}
#endif

#ifdef TABLES
static const AnomOpcode opcodes[] = {{1, 1, "HELLO"}, {2, 2, "KEY"}, {3, 3, "CHAT"}};
ANOM_EXPORT AnomPluginResult AnomGetOpcodes(const AnomOpcode** table, uint32_t* count) {
  *table = opcodes;
  *count = 3;
  return ANOM_OK;
}
ANOM_EXPORT AnomPluginResult AnomGetPacketHeader(AnomPacketHeader* header) {
  header->bytes = 8;
  header->big_endian = 1;
  header->opcode_offset = 2;
  header->opcode_bytes = 2;
  header->length_bytes = 2;
  header->length_counts = ANOM_LENGTH_REST;
  header->length_adjust = -3;
  header->num_fields = 1;
  header->fields[0].name = "sequence";
  header->fields[0].offset = 4;
  header->fields[0].bytes = 4;
  header->fields[0].type = ANOM_FIELD_SIGNED;
#ifdef BAD_HEADER
  header->opcode_offset = 7;
#endif
  return ANOM_OK;
}
#endif

/* Player n is the nth session's; that of an even session names its connection by its addresses. */
ANOM_EXPORT void AnomSessionOpened(const AnomSession* session) { sessions[opened++ % 16] = *session; }
ANOM_EXPORT void AnomSessionClosed(uint64_t session, const char* reason) {
  fprintf(stderr, "session %llu: %s\n", (unsigned long long)session, reason);
  for (uint32_t at = 0; at < 16; at++)
    if (sessions[at].session == session) sessions[at].session = 0;
}
ANOM_EXPORT AnomPluginResult AnomListPlayers(uint64_t* players, uint32_t* count) {
  uint32_t found = 0;
#ifdef TOO_MANY_PLAYERS
  *count = 0x7fffffff;
  return ANOM_OK;
#endif
  for (uint32_t at = 0; at < 16 && found < *count; at++)
    if (sessions[at].session != 0) players[found++] = at;
  *count = found;
  return ANOM_OK;
}
ANOM_EXPORT AnomPluginResult AnomGetPlayer(uint64_t player, AnomPlayer* details) {
  const AnomSession* session = &sessions[player];
  if (session->session % 2 == 1) {
    details->session = session->session;
  } else {
    memcpy(&details->client_ip, session->client_ip + 12, 4);
    memcpy(&details->server_ip, session->server_ip + 12, 4);
    details->client_port = session->client_port;
  }
  details->known = ANOM_PLAYER_LEVEL | ANOM_PLAYER_POSITION;
  details->level = 7;
  details->x = 1.5f;
  details->y = -2.f;
  details->z = 3.f;
  snprintf(details->name, sizeof details->name, "player %u", (unsigned)player);
  memset(details->id, 'i', sizeof details->id);
  strcpy(details->map, "meadow");
  return ANOM_OK;
}
ANOM_EXPORT AnomPluginResult AnomGetPlayerConnection(uint64_t player, AnomPlayerConnection* connection) {
  if (player == 1) return ANOM_SKIP;
  connection->packets_in = 12;
  connection->packets_out = 34;
  connection->rtt_ms = 5.5f;
  connection->has_rtt = 1;
  return ANOM_OK;
}
