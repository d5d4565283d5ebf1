/** My Game, in AssemblyScript: replace the cipher with the game's own. The guide is docs/PLUGINS.md. */
const KEY: u8 = 0x5a;
const description = String.UTF8.encode(
  `{"name":"My Game","gameId":"my_game","version":"0.1.0","abi":5,"transports":["tcp"],"ports":[7777],
"header":{"bytes":4,"bigEndian":false,"opcode":{"offset":2,"bytes":2},"length":{"offset":0,"bytes":2,"counts":"packet","adjust":0}},
"opcodes":{"toServer":{"1":"LOGIN"},"toClient":{"2":"WELCOME"}}}`,
  true,
);
let buffer = new StaticArray<u8>(65_536);

export function oddwire_describe(): usize {
  return changetype<usize>(description);
}

export function oddwire_buffer(bytes: i32): usize {
  if (buffer.length < bytes) buffer = new StaticArray<u8>(bytes);
  return changetype<usize>(buffer);
}

/** Called for each piece that a side sent; answers the length of what it wrote, -1 when it is not the game's. */
export function oddwire_decrypt(packet: usize, input: usize, inputBytes: u32, output: usize, room: u32): i32 {
  if (room < inputBytes) return -2;
  for (let at: u32 = 0; at < inputBytes; at++) store<u8>(output + at, load<u8>(input + at) ^ KEY);
  return inputBytes;
}

/** 0 when it does what it should. */
export function oddwire_self_test(): i32 {
  const bytes = new StaticArray<u8>(2);
  const at = changetype<usize>(bytes);
  bytes[0] = 0x5b;
  return oddwire_decrypt(0, at, 1, at + 1, 1) == 1 && bytes[1] == 1 ? 0 : 1;
}
