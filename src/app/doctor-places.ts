import { basename } from "node:path";
import { isMmdbRefusal } from "#engine/geo/mmdb.ts";
import { knowledgeOf } from "#engine/geo/place-book.ts";
import type { Config } from "#schema/config.ts";
import { type Check, messageOf, missing, ok, optional } from "./doctor.ts";
import { examinedPlaceFile, usualPlaceFiles, usualWord } from "./place-files.ts";

/** Addresses change hands: a database of so many days is told as old. */
const oldDays = 180;
const name = "address database";
const use = "countries and networks of addresses";

/** Databases of addresses: those that are used, those that are only there, and how old they are. */
export function placeChecks(config: Config, now: number = Date.now()): readonly Check[] {
  const files = config["geo.files"];
  const usual = usualPlaceFiles();
  const used = files.flatMap((file) => (file === usualWord ? usual : [file]));
  if (used.length > 0) return used.map((path) => usedCheck(path, now));
  if (usual.length === 0) return [optional(name, `none (${use})`, "put a .mmdb file into /var/lib/GeoIP, see docs/how-to/countries.md")];
  return [optional(name, `${usual.map((path) => basename(path)).join(", ")} found, not used (${use})`, `--set geo.files=${usualWord}`)];
}

function usedCheck(path: string, now: number): Check {
  try {
    const answer = examinedPlaceFile(path);
    if (isMmdbRefusal(answer)) return missing(name, `${path}: ${answer.cause}`, answer.mend);
    const { countries, systems } = knowledgeOf(answer);
    const what =
      [...(countries ? ["countries"] : []), ...(systems ? ["autonomous systems"] : [])].join(" and ") ||
      "neither countries nor autonomous systems";
    const days = Math.floor((now / 1000 - answer.shape.built) / 86_400);
    const found = `${path}: ${answer.shape.type}, ${days} days old (${what})`;
    return days > oldDays ? optional(name, found, "fetch a newer one") : ok(name, found);
  } catch (error) {
    return missing(name, messageOf(error), "check geo.files");
  }
}
