/** A place in the world of Lantern, metres. */
export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

export interface Item {
  readonly item: number;
  readonly amount: number;
}

export interface Entity extends Place {
  readonly id: number;
  readonly hp: number;
}

const nameBytes = 24;
const mapBytes = 16;
const tokenBytes = 16;

/** Little-endian fields behind each other. */
class Fields {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: number) {
    this.#bytes = new Uint8Array(bytes);
    this.#view = new DataView(this.#bytes.buffer);
  }

  u8(value: number): this {
    this.#view.setUint8(this.#at, value);
    this.#at += 1;
    return this;
  }

  u16(value: number): this {
    this.#view.setUint16(this.#at, value, true);
    this.#at += 2;
    return this;
  }

  u32(value: number): this {
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
    return this;
  }

  f32(...values: readonly number[]): this {
    for (const value of values) {
      this.#view.setFloat32(this.#at, value, true);
      this.#at += 4;
    }
    return this;
  }

  text(value: string, room: number): this {
    for (let i = 0; i < Math.min(value.length, room); i++) this.#bytes[this.#at + i] = value.charCodeAt(i);
    this.#at += room;
    return this;
  }

  raw(value: Uint8Array): this {
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
    return this;
  }

  done(): Uint8Array {
    return this.#bytes;
  }
}

/** Bodies of the packets, named as their opcodes; the structs stand in `catalog/example/lantern.h`. */
export const bodies = {
  hello: (version: number, build: string) => new Fields(20).u32(version).text(build, 16).done(),
  key: (key: number) => new Fields(4).u32(key).done(),
  login: (account: number, name: string, token: Uint8Array) =>
    new Fields(4 + nameBytes + tokenBytes).u32(account).text(name, nameBytes).raw(token).done(),
  welcome: (player: number, level: number, map: string, { x, y, z }: Place) =>
    new Fields(18 + mapBytes).u32(player).u16(level).text(map, mapBytes).f32(x, y, z).done(),
  ping: (clientTime: number) => new Fields(4).u32(clientTime).done(),
  pong: (clientTime: number, serverTime: number) => new Fields(8).u32(clientTime).u32(serverTime).done(),
  move: (clientTime: number, { x, y, z }: Place, heading: number, flags: number) =>
    new Fields(21).u32(clientTime).f32(x, y, z, heading).u8(flags).done(),
  attack: (target: number, skill: number) => new Fields(6).u32(target).u16(skill).done(),
  itemUse: (slot: number, item: number) => new Fields(6).u16(slot).u32(item).done(),
  loot: (target: number) => new Fields(4).u32(target).done(),
  chat: (channel: number, text: string) => new Fields(2 + text.length).u8(channel).u8(text.length).text(text, text.length).done(),
  trade: (partner: number, items: readonly Item[]) => {
    const fields = new Fields(5 + items.length * 6).u32(partner).u8(items.length);
    for (const { item, amount } of items) fields.u32(item).u16(amount);
    return fields.done();
  },
  harvest: (node: number) => new Fields(4).u32(node).done(),
  emote: (emote: number) => new Fields(2).u16(emote).done(),
  logout: (reason: number) => new Fields(1).u8(reason).done(),
  worldState: (tick: number, entities: readonly Entity[]) => {
    const fields = new Fields(6 + entities.length * 18).u32(tick).u16(entities.length);
    for (const { id, x, y, z, hp } of entities) fields.u32(id).f32(x, y, z).u16(hp);
    return fields.done();
  },
  playerStats: (level: number, hp: number, hpMax: number, experience: number) =>
    new Fields(20).u16(level).u16(0).u32(hp).u32(hpMax).u32(experience).u32(0).done(),
  damage: (target: number, amount: number, critical: boolean) =>
    new Fields(9)
      .u32(target)
      .u32(amount)
      .u8(critical ? 1 : 0)
      .done(),
  saidBy: (sender: number, channel: number, text: string) =>
    new Fields(6 + text.length).u32(sender).u8(channel).u8(text.length).text(text, text.length).done(),
  item: (slot: number, { item, amount }: Item) => new Fields(8).u16(slot).u32(item).u16(amount).done(),
};
