/** The typed error of every failed operation, for the rooms above that may not look at the seams. */
export { OddwireError } from "#contract/errors.ts";
