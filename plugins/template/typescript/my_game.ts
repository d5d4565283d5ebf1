import { defineGamePlugin } from "oddwire";

/** My Game: replace the cipher with the game's own. The guide is docs/PLUGINS.md. */
const KEY = 0x5a;

/** The same in both directions here. */
const crypt = (bytes: Uint8Array): Uint8Array => bytes.map((byte) => byte ^ KEY);

export default defineGamePlugin({
  name: "My Game",
  gameId: "my_game",
  version: "0.1.0",
  abi: 5,
  transports: ["tcp"],
  ports: [7777],
  header: {
    bytes: 4,
    bigEndian: false,
    opcode: { offset: 2, bytes: 2 },
    length: { offset: 0, bytes: 2, counts: "packet", adjust: 0 },
  },
  opcodes: { toServer: { 1: "LOGIN" }, toClient: { 2: "WELCOME" } },

  /** Called for each piece that a side sent. `undefined`: not the game's. */
  decrypt: ({ bytes }) => crypt(bytes),

  /** Runs before the plugin is used; throws when it does not do what it should. */
  selfTest() {
    const clear = crypt(new Uint8Array([0x5e, 0x5a, 0x5b, 0x5a]));
    if (String(clear) !== "4,0,1,0") throw new Error(`a login is read as ${String(clear)}`);
  },
});
