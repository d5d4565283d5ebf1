export type { OddwireEvent } from "#schema/event.ts";
