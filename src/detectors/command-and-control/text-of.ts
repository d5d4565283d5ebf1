/** A member of an event that should be text; empty where it is missing or something else. */
export const textOf = (value: unknown): string => (typeof value === "string" ? value : "");
