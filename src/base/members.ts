/** Named values of whatever kind, as in an event. */
export type Members = Readonly<Record<string, unknown>>;

/** A value that should be an object; without members where it is something else. */
export const membersOf = (value: unknown): Members => (typeof value === "object" && value !== null ? (value as Members) : {});

/** A value that should be text; empty where it is missing or something else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
