type Fields = Readonly<Record<string, unknown>>;

const text = (body: Buffer, from: number, to: number): string => body.toString("latin1", from, to).replace(/\0.*$/s, "");
const place = (body: Buffer, at: number) => ({ x: body.readFloatLE(at), y: body.readFloatLE(at + 4), z: body.readFloatLE(at + 8) });

/** Shortest body, bytes, and how it is read. */
const layouts: Readonly<Record<string, readonly [number, (body: Buffer) => Fields]>> = {
  CMSG_LOGIN: [44, (body) => ({ account: body.readUInt32LE(0), name: text(body, 4, 28) })],
  SMSG_WELCOME: [
    34,
    (body) => ({ player_id: body.readUInt32LE(0), level: body.readUInt16LE(4), map: text(body, 6, 22), ...place(body, 22) }),
  ],
  CMSG_MOVE: [21, (body) => ({ client_time: body.readUInt32LE(0), ...place(body, 4), heading: body.readFloatLE(16), flags: body[20] })],
  CMSG_ATTACK: [6, (body) => ({ target: body.readUInt32LE(0), skill: body.readUInt16LE(4) })],
  SMSG_PLAYER_STATS: [20, (body) => ({ level: body.readUInt16LE(0), hp: body.readUInt32LE(4), hp_max: body.readUInt32LE(8) })],
};

/** The packets of Lantern that tell of their player, as `catalog/example/lantern.h` has them: for the demo and for tests. */
export const lanternCatalog = {
  fieldsOf: (opcode: string, _side: 0 | 1, body: Uint8Array): Fields | undefined => {
    const [bytes, read] = layouts[opcode] ?? [];
    if (bytes === undefined || body.length < bytes) return undefined;
    return read?.(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  },
  unitOf: (_opcode: string, _side: 0 | 1, field: string): string | undefined => (field === "client_time" ? "ms" : undefined),
  nameOf: (): undefined => undefined,
};
