import { readFileSync } from "node:fs";

const { version: text } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as { version: string };

/** Version of this Oddwire, as package.json says. */
export const version = text;
