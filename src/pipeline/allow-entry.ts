import { Networks } from "./networks.ts";

/** An entry of the allow-list, taken apart. */
export interface AllowParts {
  /** `undefined` for every detector. */
  readonly detector: string | undefined;
  readonly who: string;
  /** Of a pair, whom it is done to; `undefined` for everybody. */
  readonly whom: string | undefined;
}

/** `WHO`, `DETECTOR=WHO`, `WHO>WHOM`, `DETECTOR=WHO>WHOM`. */
export function allowParts(text: string): AllowParts {
  const cut = text.indexOf("=");
  const [who = "", ...rest] = text.slice(cut + 1).split(">");
  return {
    detector: cut < 0 ? undefined : text.slice(0, cut).trim(),
    who: who.trim(),
    whom: rest.length === 0 ? undefined : rest.join(">").trim(),
  };
}

/** The same entry as everybody writes it. */
export const allowText = ({ detector, who, whom }: AllowParts): string =>
  `${detector === undefined ? "" : `${detector}=`}${who}${whom === undefined ? "" : `>${whom}`}`;

/** Names of machines and domains, and MAC addresses: what is accused and has no network. */
const namePattern = /^(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?$|^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/i;
const entryCharactersMax = 400;

/** What is wrong with an entry, and what to write instead. */
export interface AllowTrouble {
  readonly cause: string;
  readonly mend: string;
}

/** Why an entry would never keep anything back; `undefined` when it is right. */
export function allowTrouble(text: string, isDetector: (name: string) => boolean): AllowTrouble | undefined {
  const shown = JSON.stringify(text.slice(0, entryCharactersMax));
  if (text.length > entryCharactersMax)
    return {
      cause: `${shown} … is longer than ${entryCharactersMax} characters`,
      mend: "one entry names one address, network, name or pair",
    };
  const { detector, who, whom } = allowParts(text);
  if (detector !== undefined && !isDetector(detector))
    return {
      cause: `${shown}: no detector is called ${JSON.stringify(detector)}`,
      mend: "`oddwire config list` has them as NAME.enabled",
    };
  if (who === "" || whom === "")
    return {
      cause: `${shown} names nobody`,
      mend: "write WHO, WHO>WHOM or DETECTOR=WHO, WHO being an address, a network or a name",
    };
  return troubleOf(shown, who) ?? (whom === undefined ? undefined : troubleOf(shown, whom));
}

function troubleOf(shown: string, who: string): AllowTrouble | undefined {
  if (new Networks([who]).bad.length === 0) return undefined;
  if (who.startsWith("*.")) return { cause: `${shown}: names take no *`, mend: `write ${who.slice(2)}, which covers every name below it` };
  if (/^[\d.]+$/.test(who) || who.includes("/") || !namePattern.test(who))
    return { cause: `${shown} is no address, network or name`, mend: "write 10.0.0.5, 10.0.0.0/24 or updates.example.com" };
  return undefined;
}
