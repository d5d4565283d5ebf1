import type { Effect } from "#engine/rules/effect.ts";
import type { FlowMemory } from "./flow-memory.ts";
import type { TransactionState } from "./transaction-state.ts";

/** Bits that one transaction may carry; further ones are not set. */
const bitsMax = 64;

/** What a matched rule notes about its flow. Effects that need the flow layer or the reducer are brought about there. */
export function note(effects: readonly Effect[], memory: FlowMemory): void {
  for (const effect of effects) {
    if (effect.type === "flowbits") noteBits(effect, memory);
    else if (effect.type === "flowint") noteInteger(effect, memory);
  }
}

/** Bits that a matched rule sets on its transaction, or takes from it (`xbits … track tx`). */
export function changeBits(effects: readonly Effect[], transaction: TransactionState): void {
  for (const effect of effects) {
    if (effect.type !== "xbits" || effect.track !== "tx") continue;
    transaction.bits ??= new Set();
    const { bits } = transaction;
    if (effect.command === "unset" || (effect.command === "toggle" && bits.has(effect.bit))) bits.delete(effect.bit);
    else if (bits.size < bitsMax) bits.add(effect.bit);
  }
}

/** True when some of the effects need the flow's memory. */
export const remembers = (effects: readonly Effect[]): boolean => effects.some(({ type }) => type === "flowbits" || type === "flowint");

function noteBits({ command, bits }: Extract<Effect, { type: "flowbits" }>, memory: FlowMemory): void {
  for (const bit of bits) {
    if (command === "unset" || (command === "toggle" && memory.hasBit(bit))) memory.clearBit(bit);
    else memory.setBit(bit);
  }
}

/** Adding to what is not there begins at 0; nothing is taken from it. */
function noteInteger({ variable, command, value }: Extract<Effect, { type: "flowint" }>, memory: FlowMemory): void {
  const amount = typeof value === "number" ? value : memory.integer(value.variable);
  if (amount === undefined) return;
  const before = memory.integer(variable) ?? 0;
  if (command === "=") memory.setInteger(variable, amount);
  else if (command === "+") memory.setInteger(variable, before + amount);
  else memory.setInteger(variable, Math.max(0, before - amount));
}
