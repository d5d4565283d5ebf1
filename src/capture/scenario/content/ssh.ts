import type { Random } from "#base/random.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Noise } from "./noise.ts";

/** How a program negotiates: the lists of its KEXINIT, in the order of RFC 4253 7.1. */
export interface SshProgram {
  readonly banner: string;
  readonly exchanges: string;
  readonly hostKeys: string;
  readonly ciphers: string;
  readonly macs: string;
  readonly compressions: string;
}

const ciphers = "chacha20-poly1305@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes256-ctr";
const macs = "umac-128-etm@openssh.com,hmac-sha2-256-etm@openssh.com,hmac-sha2-256";

export const openSsh: SshProgram = {
  banner: "SSH-2.0-OpenSSH_10.0p2",
  exchanges:
    "curve25519-sha256,curve25519-sha256@libssh.org,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,ext-info-c,kex-strict-c-v00@openssh.com",
  hostKeys: "ssh-ed25519,ecdsa-sha2-nistp256,rsa-sha2-512,rsa-sha2-256",
  ciphers,
  macs,
  compressions: "none,zlib@openssh.com",
};

export const openSshServer: SshProgram = {
  ...openSsh,
  banner: "SSH-2.0-OpenSSH_9.6p1 Ubuntu-3",
  exchanges: "curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha256,kex-strict-s-v00@openssh.com",
}; // prettier-ignore

/** A library that guessing tools are made with. */
export const guesser: SshProgram = {
  banner: "SSH-2.0-libssh2_1.11.0",
  exchanges: "curve25519-sha256,ecdh-sha2-nistp256,diffie-hellman-group14-sha1",
  hostKeys: "ssh-ed25519,ssh-rsa",
  ciphers: "chacha20-poly1305@openssh.com,aes128-ctr,aes128-cbc,3des-cbc",
  macs: "hmac-sha2-256,hmac-sha1,hmac-md5",
  compressions: "none",
};

const Message = { kexInit: 20, newKeys: 21, ecdhInit: 30, ecdhReply: 31 } as const;
const BLOCK_BYTES = 8;
const TAG_BYTES = 16;

export const bannerLine = (program: SshProgram): Uint8Array => new ByteWriter(64).text(`${program.banner}\r\n`).done();

/** A binary packet before encryption (RFC 4253 6). */
function packet(payload: Uint8Array): Uint8Array {
  let padding = BLOCK_BYTES - ((payload.length + 5) % BLOCK_BYTES);
  if (padding < 4) padding += BLOCK_BYTES;
  return new ByteWriter(payload.length + 24)
    .u32(payload.length + padding + 1)
    .u8(padding)
    .bytes(payload)
    .bytes(new Uint8Array(padding))
    .done();
}

export function keyExchangeInit(random: Random, noise: Noise, program: SshProgram): Uint8Array {
  const { exchanges, hostKeys, ciphers: cipher, macs: mac, compressions } = program;
  const writer = new ByteWriter(1024).u8(Message.kexInit).bytes(noise.bytes(random, 16));
  for (const list of [exchanges, hostKeys, cipher, cipher, mac, mac, compressions, compressions, "", ""])
    writer.sized(4, () => writer.text(list));
  return packet(writer.u8(0).u32(0).done());
}

export const ecdhInit = (random: Random, noise: Noise): Uint8Array =>
  packet(
    new ByteWriter(64)
      .u8(Message.ecdhInit)
      .sized(4, (w) => w.bytes(noise.bytes(random, 32)))
      .done(),
  );

/** The server's key share and signature, and its change to the new keys. */
export function ecdhReply(random: Random, noise: Noise): Uint8Array {
  const writer = new ByteWriter(256).u8(Message.ecdhReply);
  const named = (length: number) => (): void => {
    writer.sized(4, () => writer.text("ssh-ed25519")).sized(4, () => writer.bytes(noise.bytes(random, length)));
  };
  writer.sized(4, named(32));
  writer.sized(4, () => writer.bytes(noise.bytes(random, 32)));
  writer.sized(4, named(64));
  return new ByteWriter(320).bytes(packet(writer.done())).bytes(newKeys()).done();
}

export const newKeys = (): Uint8Array => packet(Uint8Array.of(Message.newKeys));

/** A packet of chacha20-poly1305@openssh.com, of which nothing can be read. */
export const sealed = (random: Random, noise: Noise, length: number): Uint8Array =>
  noise.bytes(random, 4 + Math.ceil((length + 5) / BLOCK_BYTES) * BLOCK_BYTES + TAG_BYTES);
